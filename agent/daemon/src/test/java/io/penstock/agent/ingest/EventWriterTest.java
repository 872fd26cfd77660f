package io.penstock.agent.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.WrittenEntries.Entry;
import io.penstock.agent.mqtt.MqttEvent;
import io.penstock.agent.record.Compression;
import io.penstock.agent.record.FakePublish;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventWriterTest {
    private static final int MAX = 1 << 20;
    private static final FieldNames NO_FIELDS = new FieldNames(Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    Path folder;

    private final EventCounts counts = new EventCounts();
    private final EventWriter writer = new EventWriter(
            () -> Instant.parse("2026-01-02T03:04:05Z"), counts, Source.MQTT.ownFields(), RecordEncoder.MAX_BYTES);
    private final MqttEvent publish = MqttEvent.ofClients();
    private final BodyEvent body = new BodyEvent();
    private final EntryBlock block = new EntryBlock(1024, 4 << 20);

    @Test
    void aPublishIsWrittenUnderTheKeyOfItsRoute() throws IOException {
        byte[] payload = bytes("{\"id\":\"d7\"}");
        int size = size(
                publish.of(FakePublish.of("a/b", "c", payload)),
                to("{topic(2)}-{$.id}", Source.MQTT, RecordFormat.JSON),
                MAX,
                block);
        writer.write(
                publish.of(FakePublish.of("a/b", "c", payload).from("ada")),
                to("{user}", Source.MQTT, RecordFormat.RAW),
                MAX,
                block);

        String record = "{\"topic\":\"a/b\",\"clientid\":\"c\",\"qos\":1,\"retain\":false,\"payload\":{\"id\":\"d7\"}}";
        assertEquals(List.of(new Entry(false, "b-d7", record), new Entry(false, "ada", "{\"id\":\"d7\"}")), written());
        assertEquals(record.length() + 4, size);
    }

    @Test
    void aKeyThatCannotBeMadeLeavesTheShardToTheSenderAndIsCounted() throws IOException {
        writer.write(
                publish.of(FakePublish.of("a", "c", bytes("x"))),
                to("{user}", Source.MQTT, RecordFormat.RAW),
                MAX,
                block);
        writer.write(
                publish.of(FakePublish.of("a", "c", bytes("y"))),
                to("{$.id}", Source.MQTT, RecordFormat.RAW),
                MAX,
                block);
        writer.write(
                publish.of(FakePublish.of("a", "c", bytes("z"))),
                to("random", Source.MQTT, RecordFormat.RAW),
                MAX,
                block);

        assertEquals(List.of(new Entry(true, "", "x"), new Entry(true, "", "y"), new Entry(true, "", "z")), written());
        assertEquals(2, counts.keysMissing());
    }

    @Test
    void aKeyThatIsTooLongIsHashedAndCounted() throws IOException {
        writer.write(
                publish.of(FakePublish.of("a", "c".repeat(257), bytes("x"))),
                to("{clientid}", Source.MQTT, RecordFormat.RAW),
                MAX,
                block);

        assertEquals(32, written().get(0).key().length());
        assertEquals(1, counts.keysHashed());
    }

    @Test
    void whatAClientAsksForGoesBeforeTheRoute() throws IOException {
        byte[] json = bytes("..{\"k\":\"from body\"}..");
        Destination destination = to("{$.k}", Source.HTTP, RecordFormat.JSON);
        writer.write(body.object(json, 2, json.length - 2), destination, MAX, block);
        writer.write(body.object(json, 2, json.length - 2).asked("from header", ""), destination, MAX, block);

        assertEquals(
                List.of(
                        new Entry(false, "from body", "{\"k\":\"from body\"}"),
                        new Entry(false, "from header", "{\"k\":\"from body\"}")),
                written());
    }

    @Test
    void theIdThatAClientGivesIsKept() throws IOException {
        FieldNames onlyId = new FieldNames(Optional.empty(), Optional.of("@id"), Optional.empty());
        Destination destination = new Destination(
                new StreamId("default", "s"), Texts.key("random", Source.HTTP), RecordFormat.JSON, onlyId);
        writer.write(body.object(bytes("{}"), 0, 2).asked("", "mine"), destination, MAX, block);
        writer.write(body.text(bytes("x"), 0, 1).asked("", "mine too"), destination, MAX, block);

        assertEquals(
                List.of(
                        new Entry(true, "", "{\"@id\":\"mine\"}"),
                        new Entry(true, "", "{\"@id\":\"mine too\",\"message\":\"x\"}")),
                written());
    }

    @Test
    void textAndBytesAndRawAreTakenAsTheyCame() throws IOException {
        Destination json = to("random", Source.HTTP, RecordFormat.JSON);
        Destination raw = to("random", Source.HTTP, RecordFormat.RAW);
        writer.write(body.text(bytes("a\"b"), 0, 3), json, MAX, block);
        writer.write(body.text(bytes("a\"b"), 0, 3), raw, MAX, block);
        writer.write(body.bytes(bytes("a\"b"), 0, 3), json, MAX, block);
        writer.write(body.object(bytes("{ }"), 0, 3), raw, MAX, block);

        assertEquals(
                List.of("{\"message\":\"a\\\"b\"}", "a\"b", "a\"b", "{ }"),
                written().stream().map(Entry::data).toList());
    }

    @Test
    void aTextThatIsNoUtf8IsReportedAndNotWritten() {
        byte[] bytes = {(byte) 0xFF};
        Written answer = writer.write(body.text(bytes, 0, 1), to("random", Source.HTTP, RecordFormat.JSON), MAX, block);
        assertEquals(Written.NOT_UTF8, answer);
        assertEquals(0, block.count());
        assertEquals(0, block.size());
        assertEquals(0, writer.size());
    }

    @Test
    void aRecordIsTooLargeWhenKeyAndDataTogetherAre() {
        Destination destination = to("random", Source.HTTP, RecordFormat.JSON);
        byte[] data = new byte[100];
        assertEquals(103, size(body.bytes(data, 0, 100).asked("key", ""), destination, 103, block));
        assertEquals(
                Written.TOO_LARGE, writer.write(body.bytes(data, 0, 100).asked("key", ""), destination, 102, block));
        assertEquals(1, block.count());
        int random = 100 + SpooledRecord.LATE_KEY_BYTES;
        assertEquals(random, size(body.bytes(data, 0, 100), destination, random, block));
        assertEquals(Written.TOO_LARGE, writer.write(body.bytes(data, 0, 100), destination, random - 1, block));
    }

    @Test
    void aRecordLargerThanAnyStreamTakesIsNotWritten() {
        byte[] escapes = new byte[2 << 20];
        Written answer = writer.write(
                publish.of(FakePublish.of("a", "c", escapes)),
                to("random", Source.MQTT, RecordFormat.JSON),
                Integer.MAX_VALUE,
                block);
        assertEquals(Written.TOO_LARGE, answer);
        assertTrue(size(
                        publish.of(FakePublish.of("a", "c", escapes)),
                        to("random", Source.MQTT, RecordFormat.RAW),
                        Integer.MAX_VALUE,
                        block)
                > escapes.length);
    }

    @Test
    void aBlockThatIsNearlyFullRefusesTheRecordAndKeepsWhatItHolds() throws IOException {
        EntryBlock small = new EntryBlock(64, 4_000);
        Destination raw = to("{clientid}", Source.MQTT, RecordFormat.RAW);
        assertEquals(3_001, size(publish.of(FakePublish.of("a", "c", new byte[3_000])), raw, 10 << 20, small));
        int size = small.size();
        for (RecordFormat format : RecordFormat.values()) {
            Destination destination = to("{clientid}", Source.MQTT, format);
            FakePublish tooMuch = FakePublish.of("a", "c", new byte[2_000]);
            assertThrows(
                    BufferOverflowException.class, () -> writer.write(publish.of(tooMuch), destination, MAX, small));
            assertEquals(size, small.size());
        }
        writer.write(publish.of(FakePublish.of("a", "c", bytes("x"))), raw, MAX, small);
        try (WrittenEntries entries = new WrittenEntries(folder.resolve("small"))) {
            assertEquals(
                    List.of(3_000, 1),
                    entries.append(small).stream()
                            .map(entry -> entry.data().length())
                            .toList());
        }
    }

    @Test
    void anEventThatFailsToEncodeLeavesTheBlockAsItWas() throws IOException {
        Destination raw = to("random", Source.HTTP, RecordFormat.RAW);
        writer.write(body.bytes(bytes("a"), 0, 1), raw, MAX, block);
        assertThrows(
                IndexOutOfBoundsException.class, () -> writer.write(body.bytes(bytes("abc"), 0, 5), raw, MAX, block));
        writer.write(body.bytes(bytes("b"), 0, 1), raw, MAX, block);
        assertEquals(List.of("a", "b"), written().stream().map(Entry::data).toList());
    }

    private int size(Event event, Destination destination, int maxBytes, EntryBlock into) {
        assertEquals(Written.WHOLE, writer.write(event, destination, maxBytes, into));
        return writer.size();
    }

    private List<Entry> written() throws IOException {
        try (WrittenEntries entries = new WrittenEntries(folder.resolve("log"))) {
            return entries.append(block);
        }
    }

    @Test
    void aCompressedRecordIsJudgedByTheSizeThatItIsStoredIn() throws IOException {
        byte[] payload = bytes("x".repeat(50_000));
        for (Compression how : List.of(Compression.GZIP, Compression.ZSTD)) {
            Destination destination = new Destination(
                    new StreamId("default", "s"),
                    Texts.key("{clientid}", Source.MQTT),
                    RecordFormat.RAW,
                    NO_FIELDS,
                    true,
                    how,
                    PayloadForm.TEXT);
            int size = size(publish.of(FakePublish.of("a", "c", payload)), destination, 1_000, block);
            assertTrue(size > 10 && size < 1_000, how + ": " + size);
            assertEquals(
                    Written.TOO_LARGE,
                    writer.write(publish.of(FakePublish.of("a", "c", payload)), destination, size - 1, block),
                    "what is not stored leaves nothing behind");
        }
        assertEquals(2, written().size());
    }

    private static Destination to(String key, Source source, RecordFormat format) {
        return new Destination(new StreamId("default", "s"), Texts.key(key, source), format, NO_FIELDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
