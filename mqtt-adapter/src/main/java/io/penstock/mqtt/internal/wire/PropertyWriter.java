package io.penstock.mqtt.internal.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the properties of one MQTT 5 packet that the server sends (section 2.2.2). Not thread-safe. */
public final class PropertyWriter {
    private static final int MOST_CHARS = 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public PropertyWriter u16(int id, int value) {
        bytes.write(id);
        bytes.write(value >> 8);
        bytes.write(value);
        return this;
    }

    public PropertyWriter u32(int id, long value) {
        bytes.write(id);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write((int) (value >> shift));
        }
        return this;
    }

    /** Writes a text, cut at {@value #MOST_CHARS} characters. */
    public PropertyWriter text(int id, String value) {
        byte[] text = head(value).getBytes(StandardCharsets.UTF_8);
        u16(id, text.length);
        bytes.writeBytes(text);
        return this;
    }

    private static String head(String text) {
        if (text.length() <= MOST_CHARS) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(MOST_CHARS - 1));
        return text.substring(0, splitsPair ? MOST_CHARS - 1 : MOST_CHARS) + "…";
    }

    /** The properties with their length in front, as in the packet. */
    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.size() + 2);
        int rest = bytes.size();
        do {
            int low = rest & 0x7F;
            rest >>= 7;
            all.write(rest > 0 ? low | 0x80 : low);
        } while (rest > 0);
        all.writeBytes(bytes.toByteArray());
        return all.toByteArray();
    }
}
