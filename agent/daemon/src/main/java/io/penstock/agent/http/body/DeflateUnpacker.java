package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * deflate as HTTP defines it, which is the zlib format (RFC 9110, section 8.4.1.2), and without zlib's head and
 * checksum, as some programs send it. The first two bytes tell them apart: no deflate data begins as zlib does, but for
 * a stored block whose unused bits are set.
 */
final class DeflateUnpacker implements Unpacker {
    private static final int METHOD = 0x0f;
    private static final int DEFLATE = 8;
    private static final int CHECK = 31;

    private final Inflater inflater;
    private final int length;

    DeflateUnpacker(byte[] packed, int length) {
        this.inflater = new Inflater(!isZlib(packed, length));
        this.length = length;
        inflater.setInput(packed, 0, length);
    }

    private static boolean isZlib(byte[] packed, int length) {
        return length >= 2
                && (packed[0] & METHOD) == DEFLATE
                && ((packed[0] & 0xff) << 8 | packed[1] & 0xff) % CHECK == 0;
    }

    @Override
    public int read(byte[] out, int offset, int room) throws Refused {
        try {
            if (inflater.finished()) {
                if (inflater.getRemaining() > 0) {
                    throw Unpacker.damaged("deflate", at(), "other bytes follow the end of its data");
                }
                return -1;
            }
            int count = inflater.inflate(out, offset, room);
            if (count == 0 && !inflater.finished()) {
                throw Unpacker.damaged(
                        "deflate", at(), inflater.needsDictionary() ? "it wants a dictionary" : "it ends too early");
            }
            return count;
        } catch (DataFormatException damaged) {
            throw Unpacker.damaged("deflate", at(), String.valueOf(damaged.getMessage()));
        }
    }

    private int at() {
        return length - inflater.getRemaining();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
