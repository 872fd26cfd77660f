package io.penstock.engine.put;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Input;
import io.penstock.engine.wire.KinesisModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Both codecs with random and damaged bodies: a body is parsed, or refused as the caller's fault; nothing else may
 * happen.
 */
@Tag("slow")
class PutParserFuzzTest {
    private static final Set<ErrorType> CALLERS_FAULT = Set.of(ErrorType.SERIALIZATION, ErrorType.VALIDATION);

    private final PutParser parser = new PutParser();
    private final PlainJson plain = new PlainJson(new RecordDraft());
    private final PlainCbor plainCbor = new PlainCbor(new RecordDraft());
    private final PutBatch batch = new PutBatch();

    /** A valid body: the stream's name before or after the records, members in any order, with unknown members. */
    private static byte[] body(Codec codec, boolean single, Random random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = codec.generator(bytes)) {
            out.writeStartObject();
            boolean nameFirst = random.nextBoolean();
            if (nameFirst) {
                out.writeStringField("StreamName", "stream");
            }
            if (single) {
                record(out, Shape.draw(random), random);
            } else {
                records(out, random);
            }
            if (!nameFirst) {
                out.writeStringField("StreamName", "stream");
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /** In CBOR with or without a definite length. */
    private static void records(JsonGenerator out, Random random) throws IOException {
        boolean counted = random.nextBoolean();
        int count = 1 + random.nextInt(20);
        out.writeFieldName("Records");
        if (counted) {
            out.writeStartArray(null, count);
        } else {
            out.writeStartArray();
        }
        for (int i = 0; i < count; i++) {
            Shape shape = Shape.draw(random);
            if (counted) {
                out.writeStartObject(null, shape.members());
            } else {
                out.writeStartObject();
            }
            record(out, shape, random);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** The members of a record besides its key and its data. */
    private record Shape(boolean explicit, boolean stranger) {
        static Shape draw(Random random) {
            return new Shape(random.nextInt(4) == 0, random.nextInt(6) == 0);
        }

        int members() {
            return 2 + (explicit ? 1 : 0) + (stranger ? 1 : 0);
        }
    }

    private static void record(JsonGenerator out, Shape shape, Random random) throws IOException {
        byte[] data = new byte[random.nextInt(200)];
        random.nextBytes(data);
        boolean dataFirst = random.nextBoolean();
        if (dataFirst) {
            out.writeBinaryField("Data", data);
        }
        out.writeStringField("PartitionKey", key(random));
        if (shape.explicit) {
            out.writeStringField("ExplicitHashKey", Integer.toString(random.nextInt(Integer.MAX_VALUE)));
        }
        if (shape.stranger) {
            out.writeObjectFieldStart("Stranger");
            out.writeNumberField("x", random.nextDouble());
            out.writeEndObject();
        }
        if (!dataFirst) {
            out.writeBinaryField("Data", data);
        }
    }

    private static String key(Random random) {
        String[] some = {"key", "käse", "\uD83E\uDDC0", "\"quoted\\\"", "\u0001", "日本"};
        return some[random.nextInt(some.length)] + random.nextInt(10);
    }

    @Test
    void theFastParserAndTheValidatorAgreeOnEveryRightBody() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            Codec codec = Codec.values()[i % 2];
            boolean single = random.nextBoolean();
            byte[] body = body(codec, single, random);
            assertTrue(read(body, codec, single, batch), "seed " + seed);
            assertEquals("stream", batch.streamName, "seed " + seed);
            assertSameRecords(codec.tree(body), single, "seed " + seed);
            Input input = Input.read(body, codec, operation(single));
            assertEquals("stream", input.text("StreamName"));
        }
    }

    @Test
    void aBodyAsSdksWriteItIsReadWithoutATree() {
        byte[] one =
                bytes("{\"StreamName\":\"s\",\"Data\":\"YnJlYWQ=\",\"PartitionKey\":\"k\",\"ExplicitHashKey\":\"7\","
                        + "\"SequenceNumberForOrdering\":\"49\"}");
        assertTrue(plain.read(one, true, batch));
        assertEquals("s", batch.streamName);
        assertEquals("49", batch.sequenceNumberForOrdering);
        assertArrayEquals(bytes("k"), batch.key(0));
        assertArrayEquals(bytes("bread"), batch.data(0));
        byte[] two = bytes(
                "{ \"Records\": [{\"Data\": \"\", \"PartitionKey\": \"a\"},\n{\"PartitionKey\":\"b\",\"Data\":\"YnJlYWQ=\"}],"
                        + " \"StreamARN\": \"arn\" } ");
        assertTrue(plain.read(two, false, batch));
        assertEquals("arn", batch.streamArn);
        assertEquals(2, batch.count());
        assertArrayEquals(bytes(""), batch.data(0));
        assertArrayEquals(bytes("bread"), batch.data(1));
    }

    @Test
    void aBodyThatIsRightButUnusualIsReadFromItsTree() {
        byte[] body = bytes(
                "{\"StreamARN\":null,\"Records\":[{\"ExplicitHashKey\":null,\"Data\":\"Yn\\u004alYWQ=\",\"PartitionKey\":"
                        + "\"k\u00e4se\\n\"},{\"PartitionKey\":\"b\",\"Data\":\"\\/\\/8=\",\"ExplicitHashKey\":\"7\",\"X\":[{}]}],"
                        + "\"StreamName\":\"s\",\"StreamId\":null}");
        assertFalse(plain.read(body, false, batch));
        parser.checked(Input.read(body, Codec.JSON, KinesisModel.PUT_RECORDS), false, batch);
        assertEquals("s", batch.streamName);
        assertNull(batch.streamArn);
        assertEquals(2, batch.count());
        assertArrayEquals(bytes("k\u00e4se\n"), batch.key(0));
        assertArrayEquals(bytes("bread"), batch.data(0));
        assertArrayEquals(new byte[] {-1, -1}, batch.data(1));
        byte[] tooLarge =
                bytes("{\"StreamName\":\"s\",\"Data\":\"\",\"PartitionKey\":\"\\u006b\",\"ExplicitHashKey\":\""
                        + "9".repeat(39) + "\",\"SequenceNumberForOrdering\":\"49\"}");
        parser.checked(Input.read(tooLarge, Codec.JSON, KinesisModel.PUT_RECORD), true, batch);
        assertEquals("9".repeat(39), batch.impossibleHashKey);
        assertEquals("49", batch.sequenceNumberForOrdering);
    }

    @Test
    void whatIsReadWhereItStandsIsReadAlikeFromItsTree() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] plainly = new int[2];
        for (int i = 0; i < 20_000; i++) {
            Codec codec = Codec.values()[i % 2];
            boolean single = random.nextBoolean();
            byte[] body = body(codec, single, random);
            byte[] damaged = random.nextBoolean() ? body : damage(body, random);
            boolean read =
                    codec == Codec.JSON ? plain.read(damaged, single, batch) : plainCbor.read(damaged, single, batch);
            // A plain body may violate a constraint of the stream's name, which is reported by the lookup.
            if (read && refusal(damaged, codec, operation(single)) == null) {
                plainly[i % 2]++;
                PutBatch other = new PutBatch();
                parser.checked(Input.read(damaged, codec, operation(single)), single, other);
                assertAlike(other, "seed " + seed);
            }
        }
        assertTrue(plainly[0] > 100 && plainly[1] > 100, "seed " + seed + ": " + Arrays.toString(plainly));
    }

    @Test
    void aBodyOfCborIsReadWhereItStands() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = Codec.CBOR.generator(out)) {
            generator.writeStartObject(null, 2);
            generator.writeStringField("StreamName", "s");
            generator.writeFieldName("Records");
            generator.writeStartArray(null, 1);
            generator.writeStartObject(null, 3);
            generator.writeBinaryField("Data", new byte[70_000]);
            generator.writeStringField("PartitionKey", "k");
            generator.writeStringField("ExplicitHashKey", "7");
            generator.writeEndObject();
            generator.writeEndArray();
            generator.writeEndObject();
        }
        byte[] body = out.toByteArray();
        assertTrue(plainCbor.read(body, false, batch));
        assertEquals("s", batch.streamName);
        assertArrayEquals(bytes("k"), batch.key(0));
        assertEquals(70_000, batch.dataLength(0));
        assertSame(body, batch.bytes(), "nothing is copied");
    }

    private void assertAlike(PutBatch other, String hint) {
        assertEquals(other.streamName, batch.streamName, hint);
        assertEquals(other.impossibleHashKey, batch.impossibleHashKey, hint);
        assertEquals(other.count(), batch.count(), hint);
        for (int i = 0; i < other.count(); i++) {
            assertArrayEquals(other.key(i), batch.key(i), hint);
            assertArrayEquals(other.data(i), batch.data(i), hint);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KinesisModel operation(boolean single) {
        return single ? KinesisModel.PUT_RECORD : KinesisModel.PUT_RECORDS;
    }

    @Test
    void damagedBodiesAreReadOrRefusedAsTheCallersFault() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Codec codec = Codec.values()[i % 2];
            boolean single = random.nextBoolean();
            byte[] damaged = damage(body(codec, single, random), random);
            ErrorType refusal = refusal(damaged, codec, operation(single));
            boolean read = refusal == null && read(damaged, codec, single, batch);
            assertTrue(refusal == null || CALLERS_FAULT.contains(refusal), "seed " + seed + ": " + refusal);
            if (read) {
                assertSameRecords(codec.tree(damaged), single, "seed " + seed);
            }
        }
    }

    /** Compares with the tree, which other code parses; of a repeated member the last value counts in both. */
    private void assertSameRecords(JsonNode tree, boolean single, String hint) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        if (single) {
            records.add(tree);
        } else {
            tree.path("Records").forEach(records::add);
        }
        assertEquals(records.size(), batch.count(), hint);
        for (int i = 0; i < records.size(); i++) {
            byte[] key = records.get(i).path("PartitionKey").asText("").getBytes(StandardCharsets.UTF_8);
            byte[] data = records.get(i).path("Data").binaryValue();
            assertArrayEquals(key, batch.key(i), hint);
            assertArrayEquals(data, batch.data(i), hint);
        }
    }

    private static byte[] damage(byte[] body, Random random) {
        byte[] damaged = random.nextInt(3) == 0 ? Arrays.copyOf(body, random.nextInt(body.length)) : body.clone();
        for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return damaged;
    }

    @Test
    void randomBytesAreRefusedByEveryOperation() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) (i % 2 == 0 ? '{' : 0xBF);
            }
            KinesisModel operation = KinesisModel.values()[random.nextInt(KinesisModel.values().length)];
            ErrorType refusal = refusal(bytes, Codec.values()[i % 2], operation);
            assertTrue(refusal == null || CALLERS_FAULT.contains(refusal), "seed " + seed + ": " + refusal);
        }
    }

    /** Reads a call; false if its records are refused. */
    private boolean read(byte[] body, Codec codec, boolean single, PutBatch into) {
        if (!parser.plain(body, codec, single, into)) {
            try {
                parser.checked(Input.read(body, codec, operation(single)), single, into);
            } catch (ServiceException e) {
                assertTrue(CALLERS_FAULT.contains(e.type()), e.toString());
                return false;
            }
        }
        return true;
    }

    private static ErrorType refusal(byte[] body, Codec codec, KinesisModel operation) {
        try {
            Input.read(body, codec, operation);
            return null;
        } catch (ServiceException e) {
            return e.type();
        }
    }
}
