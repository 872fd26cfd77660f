package io.penstock.mqtt.internal.wire;

import io.netty.buffer.ByteBuf;

/**
 * UTF-8 with the rules of MQTT 5 section 1.5.4: well-formed by RFC 3629, so neither overlong forms nor surrogates
 * [MQTT-1.5.4-1], and without U+0000 [MQTT-1.5.4-2].
 */
final class Utf8 {
    /** The result of {@link #firstFault} for valid text. */
    static final int GOOD = -1;

    private Utf8() {}

    /** The index in {@code bytes} of the first invalid byte, or {@link #GOOD}. */
    static int firstFault(ByteBuf bytes, int start, int end) {
        int i = start;
        while (i < end) {
            int lead = bytes.getByte(i);
            if (lead > 0) {
                i++;
                continue;
            }
            int length = sequenceLength(lead & 0xFF);
            if (length == 0 || i + length > end || !continues(bytes, i, lead & 0xFF, length)) {
                return i;
            }
            i += length;
        }
        return GOOD;
    }

    private static int sequenceLength(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 2;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 3;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    }

    private static boolean continues(ByteBuf bytes, int at, int lead, int length) {
        int second = bytes.getByte(at + 1) & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return false;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes.getByte(at + i) & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
