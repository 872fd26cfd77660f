package io.penstock.engine.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The records of an answer, read by another parser. */
class AnswerRecordTest {
    private static final String[] KEYS = {"k", "käse", "\uD83E\uDDC0", "\"quoted\\\"", "\u0001\n\u001f\u007f", "日本"};

    private record Sent(String key, byte[] data, long arrival, boolean encrypted) {}

    @Test
    void whatIsWrittenIsReadAgainInBothCodecs() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (Codec codec : Codec.values()) {
            for (int round = 0; round < 20; round++) {
                List<Sent> sent = new ArrayList<>();
                for (int i = random.nextInt(200); i > 0; i--) {
                    byte[] data = new byte[random.nextInt(random.nextInt(50) == 0 ? 500_000 : 300)];
                    random.nextBytes(data);
                    sent.add(new Sent(
                            KEYS[random.nextInt(KEYS.length)].repeat(1 + random.nextInt(30)),
                            data,
                            random.nextInt(3) == 0 ? random.nextInt(2000) : 1_700_000_000_000L + random.nextInt(),
                            random.nextBoolean()));
                }
                assertReadAgain(sent, codec, "seed " + seed);
            }
        }
    }

    private static void assertReadAgain(List<Sent> sent, Codec codec, String hint) throws IOException {
        Answer answer = Answer.begin(codec).list("Records");
        byte[] number = "49".repeat(28).getBytes(StandardCharsets.US_ASCII);
        for (Sent one : sent) {
            byte[] key = one.key.getBytes(StandardCharsets.UTF_8);
            byte[] entry = new byte[key.length + one.data.length + 7];
            System.arraycopy(key, 0, entry, 0, key.length);
            System.arraycopy(one.data, 0, entry, key.length, one.data.length);
            answer.record(number, one.arrival, entry, key.length, key.length + one.data.length, one.encrypted);
        }
        byte[] body = answer.endList().whole("MillisBehindLatest", 7).end();
        JsonNode read = (codec == Codec.CBOR ? new ObjectMapper(new CBORFactory()) : new ObjectMapper()).readTree(body);
        assertEquals(7, read.path("MillisBehindLatest").asInt(), hint);
        assertEquals(sent.size(), read.path("Records").size(), hint);
        for (int i = 0; i < sent.size(); i++) {
            JsonNode record = read.path("Records").get(i);
            assertEquals("49".repeat(28), record.path("SequenceNumber").asText(), hint);
            assertEquals(sent.get(i).key, record.path("PartitionKey").asText(), hint);
            assertArrayEquals(sent.get(i).data, record.path("Data").binaryValue(), hint);
            assertEquals(sent.get(i).encrypted, record.has("EncryptionType"), hint);
            JsonNode arrival = record.path("ApproximateArrivalTimestamp");
            assertEquals(
                    sent.get(i).arrival,
                    codec == Codec.CBOR ? arrival.asLong() : Math.round(arrival.asDouble() * 1000),
                    hint);
        }
    }
}
