package io.penstock.agent.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Msgpack as its own library packs it. */
final class Msgpack {
    interface Packing {
        void pack(MessageBufferPacker packer) throws IOException;
    }

    private Msgpack() {}

    static byte[] of(Packing packing) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packing.pack(packer);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] map(String name, long value) {
        return of(packer -> packer.packMapHeader(1).packString(name).packLong(value));
    }

    /** An EventTime of the forward protocol. */
    static void time(MessageBufferPacker packer, int seconds, int nanos) throws IOException {
        packer.packExtensionTypeHeader((byte) 0, 8);
        packer.writePayload(new byte[] {
            (byte) (seconds >>> 24), (byte) (seconds >>> 16), (byte) (seconds >>> 8), (byte) seconds,
            (byte) (nanos >>> 24), (byte) (nanos >>> 16), (byte) (nanos >>> 8), (byte) nanos
        });
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
