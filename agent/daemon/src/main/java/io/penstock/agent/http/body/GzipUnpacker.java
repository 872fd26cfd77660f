package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.base.compress.DamagedGzipException;
import io.penstock.base.compress.Gunzip;

/** gzip, one member or several. */
final class GzipUnpacker implements Unpacker {
    private final Gunzip gunzip = new Gunzip();

    GzipUnpacker(byte[] packed, int length) {
        gunzip.begin(packed, 0, length);
    }

    @Override
    public int read(byte[] out, int offset, int room) throws Refused {
        try {
            return gunzip.read(out, offset, room);
        } catch (DamagedGzipException damaged) {
            throw Unpacker.damaged("gzip", damaged.at(), String.valueOf(damaged.what()));
        }
    }

    @Override
    public void close() {
        gunzip.close();
    }
}
