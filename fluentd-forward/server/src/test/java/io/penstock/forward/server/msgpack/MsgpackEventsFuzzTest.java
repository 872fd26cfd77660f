package io.penstock.forward.server.msgpack;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged msgpack gives events that are JSON objects, or one refusal with its place. */
class MsgpackEventsFuzzTest {
    private static final String SEED_PROPERTY = "penstock.fuzz.seed";
    private static final int MAX_DEPTH = 16;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final List<byte[]> SAMPLES = List.of(
            hex("82a16101a162c4020102"),
            hex("9281a161cb3fb999999999999a81a16293c0c3cfffffffffffffffff"),
            hex("92d7006553f1000000000081a16d01" + "9292ce6553f10080" + "81a16d02"),
            hex("9292d700ffffffff000000008080" + "92cb41d954fc4000000081a17ad6ff6553f100" + "dc000281a1780180"),
            hex("81a16191919191919191919191919191919191c0"),
            hex("8181a16101df00000001a1780190"));

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void anyBytesAreEventsOrARefusal() throws Exception {
        long seed = Long.getLong(SEED_PROPERTY, 20_261_130L);
        int rounds = Integer.getInteger("penstock.fuzz.rounds", 60_000);
        Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            byte[] bytes = mutated(random);
            try {
                walk(bytes);
            } catch (Throwable t) {
                throw new AssertionError(
                        "-D" + SEED_PROPERTY + "=" + seed + ", round " + round + ": "
                                + HexFormat.of().formatHex(bytes),
                        t);
            }
        }
    }

    private static void walk(byte[] bytes) throws Exception {
        MsgpackEvents events = new MsgpackEvents(MAX_DEPTH);
        GrowingBytes out = new GrowingBytes(64, 1 << 20);
        events.begin(bytes, 0, bytes.length);
        int last = 0;
        try {
            while (events.next()) {
                assertTrue(events.at() > last, "each event has bytes");
                last = events.at();
                out.clear();
                events.write(out);
                assertTrue(JSON.readTree(out.toString()).isObject(), out.toString());
                out.clear();
                events.writeFields(out, FieldSet.of(List.of("a", "m")), FieldValues.NONE);
                out.put('}');
                assertTrue(JSON.readTree(out.toString()).isObject(), out.toString());
                out.clear();
                if (events.writeJsonValue("a", out)) {
                    JSON.readTree(out.toString());
                }
            }
        } catch (BadMsgpackException bad) {
            assertFalse(String.valueOf(bad.getMessage()).isBlank());
            assertTrue(bad.at() >= 0 && bad.at() <= bytes.length, "at " + bad.at());
        }
    }

    private static byte[] mutated(Random random) {
        byte[] first = SAMPLES.get(random.nextInt(SAMPLES.size()));
        byte[] second = SAMPLES.get(random.nextInt(SAMPLES.size()));
        byte[] bytes = new byte[first.length + second.length];
        System.arraycopy(first, 0, bytes, 0, first.length);
        System.arraycopy(second, 0, bytes, first.length, second.length);
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }
}
