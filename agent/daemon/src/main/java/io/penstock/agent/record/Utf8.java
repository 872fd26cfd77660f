package io.penstock.agent.record;

/** Which bytes are UTF-8 (Unicode Standard, table 3-7: no overlong form, no surrogate, nothing past U+10FFFF). */
final class Utf8 {
    private Utf8() {}

    /** Length of the character that begins at {@code at} with a byte above 0x7F, or 0 when it is none. */
    static int sequence(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xFF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            return at + 1 < end && continues(bytes[at + 1]) ? 2 : 0;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            if (at + 2 >= end || !continues(bytes[at + 1]) || !continues(bytes[at + 2])) {
                return 0;
            }
            int second = bytes[at + 1] & 0xFF;
            boolean overlong = lead == 0xE0 && second < 0xA0;
            boolean surrogate = lead == 0xED && second > 0x9F;
            return overlong || surrogate ? 0 : 3;
        }
        if (lead >= 0xF0 && lead <= 0xF4) {
            if (at + 3 >= end || !continues(bytes[at + 1]) || !continues(bytes[at + 2]) || !continues(bytes[at + 3])) {
                return 0;
            }
            int second = bytes[at + 1] & 0xFF;
            boolean overlong = lead == 0xF0 && second < 0x90;
            boolean beyond = lead == 0xF4 && second > 0x8F;
            return overlong || beyond ? 0 : 4;
        }
        return 0;
    }

    private static boolean continues(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
