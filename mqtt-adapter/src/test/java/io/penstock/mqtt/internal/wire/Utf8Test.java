package io.penstock.mqtt.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Compares our check of UTF-8 with the JDK's strict decoder; MQTT in addition forbids U+0000. */
class Utf8Test {
    private static boolean good(byte[] bytes) {
        return Utf8.firstFault(Unpooled.wrappedBuffer(bytes), 0, bytes.length) == Utf8.GOOD;
    }

    private static boolean goodForTheJdk(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\0') < 0;
        } catch (CharacterCodingException illFormed) {
            return false;
        }
    }

    @Test
    @DisplayName("[MQTT-1.5.4-1] [MQTT-1.5.4-2] short sequences are judged as the JDK does")
    void agreesOnAllShortSequences() {
        for (int value = 0; value < 1 << 24; value += value < 1 << 16 ? 3 : 251) {
            byte[] bytes = {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
            byte[] used =
                    value < 1 << 8 ? new byte[] {bytes[2]} : value < 1 << 16 ? new byte[] {bytes[1], bytes[2]} : bytes;
            assertEquals(goodForTheJdk(used), good(used), () -> HexFormat.of().formatHex(used));
        }
    }

    @Test
    void agreesOnRandomTextWithDamage() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.appendCodePoint(
                        random.nextBoolean() ? 1 + random.nextInt(0x7F) : 0xE000 + random.nextInt(0x101FFF));
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertEquals(
                    goodForTheJdk(bytes),
                    good(bytes),
                    () -> "seed " + seed + " " + HexFormat.of().formatHex(bytes));
        }
    }

    @Test
    void namesThePlaceOfTheFault() {
        byte[] bytes = HexFormat.of().parseHex("616263C3A4ED A080".replace(" ", ""));
        assertEquals(5, Utf8.firstFault(Unpooled.wrappedBuffer(bytes), 0, bytes.length));
    }
}
