package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.Utf8;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.Token;
import java.util.Arrays;

/**
 * Writes msgpack values as JSON, without a tree in between. What JSON cannot say becomes the nearest that it can:
 *
 * <ul>
 *   <li>integers are exact, also the unsigned ones above 2^63; floats have digits that name them, NaN and the
 *   infinities
 *       are {@code null};
 *   <li>what is no UTF-8 in a string is replaced by U+FFFD and counted;
 *   <li>binary is a base64 string, or text where the dialect says so;
 *   <li>a key that is no string is its JSON text: {@code {1: true}} becomes {@code {"1":true}}; a map or an array that
 *   is
 *       a key within such a key is its msgpack in base64;
 *   <li>extensions are as {@link ExtensionJson} says.
 * </ul>
 *
 * <p>Reads values that were checked before: lengths, nesting and completeness. One owner at a time.
 */
public final class MsgpackJson {
    private static final DialectWriter PLAIN = new PlainJson(false);
    private static final DialectWriter PLAIN_TEXT = new PlainJson(true);
    private static final DialectWriter FLUENT_BIT = new FluentBitJson();
    private static final DialectWriter FLUENTD = new FluentdJson();

    private static final int KEPT_KEY = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final GrowingBytes key = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
    private byte[] bytes = NOTHING;
    private int at;
    private int replaced;
    private DialectWriter writer = PLAIN;

    /** How values are written from here on. */
    public void dialect(JsonDialect dialect) {
        writer = switch (dialect) {
            case PLAIN -> PLAIN;
            case PLAIN_TEXT -> PLAIN_TEXT;
            case FLUENT_BIT -> FLUENT_BIT;
            case FLUENTD -> FLUENTD;
        };
    }

    /** Strings' sequences that were no UTF-8, since the last call of this method. */
    public int takeReplaced() {
        int count = replaced;
        replaced = 0;
        return count;
    }

    /** Lets go of the bytes that were read last, so that they do not stay in memory. */
    public void forget() {
        bytes = NOTHING;
    }

    /** Writes the value at {@code from}: where it ends. */
    public int write(byte[] source, int from, GrowingBytes out) {
        bytes = source;
        at = from;
        value(out);
        return at;
    }

    /** Writes the value at {@code from}: text as it is, anything else as JSON. */
    public void writeText(byte[] source, int from, GrowingBytes out) {
        bytes = source;
        at = from;
        int type = bytes[at] & 0xff;
        if (Msgpack.isString(type) || Msgpack.isBinary(type) && writer.binaryIsText()) {
            int count = contentHead(type);
            out.put(bytes, at, count);
            at += count;
        } else if (type == Msgpack.FLOAT32) {
            writer.numberAlone(float32(), out);
            at += Msgpack.scalarBytes(type);
        } else if (type == Msgpack.FLOAT64) {
            writer.numberAlone(float64(), out);
            at += Msgpack.scalarBytes(type);
        } else {
            value(out);
        }
    }

    /**
     * Writes the map at {@code from} without its closing brace, so that the caller may add fields.
     *
     * @param inPlace what takes the place of the map's own values of {@code names}
     * @return which of {@code names} are among the map's own keys: bit i for name i
     */
    public long writeOpen(byte[] source, int from, FieldSet names, FieldValues inPlace, GrowingBytes out) {
        bytes = source;
        at = from;
        int entries = mapHead();
        out.put('{');
        long present = 0;
        for (int i = 0; i < entries; i++) {
            if (i > 0) {
                out.put(',');
            }
            int type = bytes[at] & 0xff;
            long matching = 0;
            if (Msgpack.isString(type)) {
                int count = contentHead(type);
                matching = names.matching(bytes, at, count);
                string(count, out);
            } else {
                key(out);
            }
            out.put(':');
            if (matching != 0 && inPlace.write(Long.numberOfTrailingZeros(matching), out)) {
                at = Token.end(bytes, at);
            } else {
                value(out);
            }
            present |= matching;
        }
        return present;
    }

    /** Where the last value written ended. */
    public int at() {
        return at;
    }

    private void value(GrowingBytes out) {
        int type = bytes[at] & 0xff;
        if (type < 0x80 || type >= 0xe0) {
            out.number(bytes[at++]);
        } else if (Msgpack.isString(type)) {
            string(contentHead(type), out);
        } else if (Msgpack.isMap(type)) {
            map(out);
        } else if (Msgpack.isArray(type)) {
            array(out);
        } else if (Msgpack.isBinary(type)) {
            binary(contentHead(type), out);
        } else if (Msgpack.isExtension(type)) {
            at = ExtensionJson.write(bytes, at, writer, out);
        } else {
            scalar(type, out);
        }
    }

    private void string(int count, GrowingBytes out) {
        replaced += writer.string(bytes, at, count, out);
        at += count;
    }

    private void binary(int count, GrowingBytes out) {
        if (writer.binaryIsText()) {
            string(count, out);
        } else {
            JsonText.base64(bytes, at, count, out);
            at += count;
        }
    }

    private void scalar(int type, GrowingBytes out) {
        switch (type) {
            case Msgpack.FALSE -> out.ascii("false");
            case Msgpack.TRUE -> out.ascii("true");
            case Msgpack.FLOAT32 -> writer.number(float32(), out);
            case Msgpack.FLOAT64 -> writer.number(float64(), out);
            case Msgpack.UINT64 -> out.ascii(Long.toUnsignedString(Msgpack.integer(bytes, at)));
            case Msgpack.NIL -> out.ascii("null");
            default -> out.number(Msgpack.integer(bytes, at));
        }
        at += Msgpack.scalarBytes(type);
    }

    private float float32() {
        return Float.intBitsToFloat((int) Msgpack.unsigned(bytes, at + 1, 4));
    }

    private double float64() {
        return Double.longBitsToDouble(Msgpack.unsigned(bytes, at + 1, 8));
    }

    private void map(GrowingBytes out) {
        int entries = mapHead();
        out.put('{');
        for (int i = 0; i < entries; i++) {
            if (i > 0) {
                out.put(',');
            }
            key(out);
            out.put(':');
            value(out);
        }
        out.put('}');
    }

    private void key(GrowingBytes out) {
        int type = bytes[at] & 0xff;
        boolean within = key.length() > 0;
        if (Msgpack.isString(type)) {
            value(out);
        } else if (Msgpack.isBinary(type)) {
            binaryKey(type, out);
        } else if (within && (Msgpack.isMap(type) || Msgpack.isArray(type))) {
            // As JSON text each level would escape the one below it once more and so be twice as long.
            int end = Token.end(bytes, at);
            JsonText.base64(bytes, at, end - at, out);
            at = end;
        } else {
            int before = key.length();
            value(key);
            byte[] text = Arrays.copyOfRange(key.array(), before, key.length());
            key.truncate(before);
            if (!within) {
                key.clear(KEPT_KEY);
            }
            JsonText.string(text, 0, text.length, out);
        }
    }

    /** Old clients know one type for text and binary: such a key is text if it can be. */
    private void binaryKey(int type, GrowingBytes out) {
        int count = contentHead(type);
        if (Utf8.isValid(bytes, at, count)) {
            string(count, out);
        } else {
            binary(count, out);
        }
    }

    private void array(GrowingBytes out) {
        int type = bytes[at] & 0xff;
        int elements;
        if (type <= 0x9f) {
            elements = type & 0x0f;
            at++;
        } else {
            int width = type == Msgpack.ARRAY16 ? 2 : 4;
            elements = (int) Msgpack.unsigned(bytes, at + 1, width);
            at += 1 + width;
        }
        out.put('[');
        for (int i = 0; i < elements; i++) {
            if (i > 0) {
                out.put(',');
            }
            value(out);
        }
        out.put(']');
    }

    private int mapHead() {
        int type = bytes[at] & 0xff;
        if (type <= 0x8f) {
            at++;
            return type & 0x0f;
        }
        int width = type == Msgpack.MAP16 ? 2 : 4;
        int entries = (int) Msgpack.unsigned(bytes, at + 1, width);
        at += 1 + width;
        return entries;
    }

    /** Steps over the head of a string or binary: the number of bytes of content. */
    private int contentHead(int type) {
        if (type < 0xc0) {
            at++;
            return type & 0x1f;
        }
        int width = 1 << (type >= Msgpack.STR8 ? type - Msgpack.STR8 : type - Msgpack.BIN8);
        int count = (int) Msgpack.unsigned(bytes, at + 1, width);
        at += 1 + width;
        return count;
    }
}
