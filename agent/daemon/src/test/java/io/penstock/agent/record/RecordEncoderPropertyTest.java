package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, the record is JSON that Jackson reads back to what went in. */
class RecordEncoderPropertyTest {
    private static final long SEED = Long.getLong("penstock.fuzz.seed", 42L);
    private static final ObjectMapper REFERENCE =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Encoding encoding = new Encoding();

    @Test
    void anyPayloadCanBeReadBackFromItsRecord() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] payload = payload(random);
            String topic = characters(random);
            String record = encoding.mqtt(FakePublish.of(topic, "c", payload), FieldNames.DEFAULT);
            String message = "-Dpenstock.fuzz.seed=" + SEED + ", round " + round + ": " + record;
            JsonNode read = REFERENCE.readTree(record);
            assertEquals(topic, read.get("topic").asText(), message);
            if (read.has("payload_base64")) {
                assertArrayEquals(payload, read.get("payload_base64").binaryValue(), message);
                assertEquals(Optional.empty(), utf8(payload), message);
            } else if (read.get("payload").isTextual()) {
                assertEquals(utf8(payload), Optional.of(read.get("payload").asText()), message);
            } else {
                assertEquals(REFERENCE.readTree(payload), read.get("payload"), message);
            }
        }
    }

    @Test
    void anyObjectIsReadBackWithNothingButTheAddedFieldsMore() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 10_000; round++) {
            ObjectNode object = REFERENCE.createObjectNode();
            for (int i = random.nextInt(5); i > 0; i--) {
                object.put(random.nextInt(4) == 0 ? "@id" : characters(random), characters(random));
            }
            String json = (random.nextBoolean() ? REFERENCE.writeValueAsString(object) : object.toPrettyString());
            ObjectNode read = (ObjectNode) REFERENCE.readTree(encoding.object(json, FieldNames.DEFAULT, "mine"));
            assertEquals(Encoding.TIME, read.remove("@timestamp").asText());
            if (!object.has("@id")) {
                assertEquals("mine", read.remove("@id").asText());
            }
            assertEquals(object, read, "-Dpenstock.fuzz.seed=" + SEED + ", round " + round + ": " + json);
        }
    }

    private static byte[] payload(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case 1 -> characters(random).getBytes(StandardCharsets.UTF_8);
            case 2 -> {
                byte[] bytes = characters(random).getBytes(StandardCharsets.UTF_8);
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                yield bytes;
            }
            default -> {
                byte[] bytes = "{\"k\":[1,true,{\"\u00e9\":\"\\n\"}]}".getBytes(StandardCharsets.UTF_8);
                if (random.nextBoolean()) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                yield bytes;
            }
        };
    }

    private static String characters(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            int point = switch (random.nextInt(5)) {
                case 0 -> random.nextInt(0x20);
                case 1 -> "\"\\/\u007f".charAt(random.nextInt(4));
                case 2 -> 0x80 + random.nextInt(0x2000);
                case 3 -> 0x10000 + random.nextInt(0x10000);
                default -> 'a' + random.nextInt(26);
            };
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    private static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
