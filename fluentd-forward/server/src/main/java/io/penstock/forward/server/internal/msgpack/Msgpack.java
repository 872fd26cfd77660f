package io.penstock.forward.server.internal.msgpack;

/** The type bytes of msgpack (specification, "Formats") and its big-endian integers. */
public final class Msgpack {
    public static final int NIL = 0xc0;
    public static final int FALSE = 0xc2;
    public static final int TRUE = 0xc3;
    public static final int BIN8 = 0xc4;
    static final int BIN16 = 0xc5;
    static final int BIN32 = 0xc6;
    public static final int EXT8 = 0xc7;
    static final int EXT16 = 0xc8;
    static final int EXT32 = 0xc9;
    public static final int FLOAT32 = 0xca;
    public static final int FLOAT64 = 0xcb;
    static final int UINT8 = 0xcc;
    static final int UINT16 = 0xcd;
    static final int UINT32 = 0xce;
    public static final int UINT64 = 0xcf;
    static final int INT8 = 0xd0;
    static final int INT16 = 0xd1;
    static final int INT32 = 0xd2;
    public static final int INT64 = 0xd3;
    public static final int FIXEXT1 = 0xd4;
    static final int FIXEXT2 = 0xd5;
    static final int FIXEXT4 = 0xd6;
    static final int FIXEXT8 = 0xd7;
    static final int FIXEXT16 = 0xd8;
    public static final int STR8 = 0xd9;
    static final int STR16 = 0xda;
    public static final int STR32 = 0xdb;
    public static final int ARRAY16 = 0xdc;
    public static final int ARRAY32 = 0xdd;
    public static final int MAP16 = 0xde;
    public static final int MAP32 = 0xdf;

    private Msgpack() {}

    public static boolean isArray(int type) {
        return (type >= 0x90 && type <= 0x9f) || type == ARRAY16 || type == ARRAY32;
    }

    public static boolean isMap(int type) {
        return (type >= 0x80 && type <= 0x8f) || type == MAP16 || type == MAP32;
    }

    public static boolean isString(int type) {
        return (type >= 0xa0 && type <= 0xbf) || (type >= STR8 && type <= STR32);
    }

    public static boolean isBinary(int type) {
        return type >= BIN8 && type <= BIN32;
    }

    public static boolean isInteger(int type) {
        return type < 0x80 || type >= 0xe0 || (type >= UINT8 && type <= INT64);
    }

    static boolean isFloat(int type) {
        return type == FLOAT32 || type == FLOAT64;
    }

    public static boolean isExtension(int type) {
        return (type >= EXT8 && type <= EXT32) || (type >= FIXEXT1 && type <= FIXEXT16);
    }

    /** What a type byte announces, for a reader of log lines. */
    public static String describe(int type) {
        if (isArray(type)) {
            return "an array";
        } else if (isMap(type)) {
            return "a map";
        } else if (isString(type)) {
            return "a string";
        } else if (isBinary(type)) {
            return "binary";
        } else if (isInteger(type)) {
            return "an integer";
        } else if (isFloat(type)) {
            return "a float";
        } else if (isExtension(type)) {
            return "an extension";
        }
        return type == NIL ? "nil" : "a boolean";
    }

    /** How many bytes a number, boolean or nil takes, type byte included. */
    public static int scalarBytes(int type) {
        return switch (type) {
            case UINT8, INT8 -> 2;
            case UINT16, INT16 -> 3;
            case UINT32, INT32, FLOAT32 -> 5;
            case UINT64, INT64, FLOAT64 -> 9;
            default -> 1;
        };
    }

    /** The unsigned big-endian integer of {@code length} bytes; of 8 bytes the bit pattern. */
    public static long unsigned(byte[] bytes, int at, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = (value << 8) | (bytes[at + i] & 0xff);
        }
        return value;
    }

    /** The integer at {@code at}, whose type byte {@link #isInteger} accepts; of a uint64 the bit pattern. */
    public static long integer(byte[] bytes, int at) {
        int type = bytes[at] & 0xff;
        return switch (type) {
            case UINT8 -> bytes[at + 1] & 0xff;
            case UINT16 -> unsigned(bytes, at + 1, 2);
            case UINT32 -> unsigned(bytes, at + 1, 4);
            case UINT64, INT64 -> unsigned(bytes, at + 1, 8);
            case INT8 -> bytes[at + 1];
            case INT16 -> (short) unsigned(bytes, at + 1, 2);
            case INT32 -> (int) unsigned(bytes, at + 1, 4);
            default -> bytes[at];
        };
    }
}
