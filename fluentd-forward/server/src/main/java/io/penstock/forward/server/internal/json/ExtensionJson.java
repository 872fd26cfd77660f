package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.Rfc3339;
import io.penstock.forward.server.internal.msgpack.EventTime;
import io.penstock.forward.server.internal.msgpack.Msgpack;

/**
 * Writes msgpack's extensions as JSON: an EventTime (type 0 of 8 bytes) and a msgpack timestamp (type -1) as times,
 * which are RFC 3339 strings unless the dialect has another way, any other as {@code {"type":5,"data":"base64"}}.
 * Reads values that were checked before.
 */
final class ExtensionJson {
    private static final int TIMESTAMP = -1;

    private ExtensionJson() {}

    /** Writes the extension at {@code from}: where it ends. */
    static int write(byte[] bytes, int from, DialectWriter writer, GrowingBytes out) {
        int type = bytes[from] & 0xff;
        int at = from + 1;
        int count;
        if (type >= Msgpack.FIXEXT1) {
            count = 1 << (type - Msgpack.FIXEXT1);
        } else {
            int width = 1 << (type - Msgpack.EXT8);
            count = (int) Msgpack.unsigned(bytes, at, width);
            at += width;
        }
        content(bytes[at], bytes, at + 1, count, writer, out);
        return at + 1 + count;
    }

    private static void content(int kind, byte[] bytes, int at, int count, DialectWriter writer, GrowingBytes out) {
        long seconds = Long.MAX_VALUE;
        long nanos = 0;
        if (kind == EventTime.TYPE && count == EventTime.BYTES) {
            seconds = Msgpack.unsigned(bytes, at, 4);
            nanos = Msgpack.unsigned(bytes, at + 4, 4);
        } else if (kind == TIMESTAMP && count == 4) {
            seconds = Msgpack.unsigned(bytes, at, 4);
        } else if (kind == TIMESTAMP && count == 8) {
            long bits = Msgpack.unsigned(bytes, at, 8);
            seconds = bits & 0x3ffffffffL;
            nanos = bits >>> 34;
        } else if (kind == TIMESTAMP && count == 12) {
            seconds = Msgpack.unsigned(bytes, at + 4, 8);
            nanos = Msgpack.unsigned(bytes, at, 4);
        }
        if (Rfc3339.canName(seconds) && nanos < EventTime.NANOS_PER_SECOND) {
            writer.time(seconds, (int) nanos, out);
        } else {
            unknown(kind, bytes, at, count, out);
        }
    }

    private static void unknown(int kind, byte[] bytes, int at, int count, GrowingBytes out) {
        out.ascii("{\"type\":");
        out.number(kind);
        out.ascii(",\"data\":");
        JsonText.base64(bytes, at, count, out);
        out.put('}');
    }
}
