package io.penstock.agent.forward;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.ConstantFields;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.JsonConstant;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.settings.Parsed;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientSettings;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.ForwardClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a chunk into its spools, over a socket. */
class ForwardSourceTest {
    private static final FieldNames NOTHING_ADDED =
            new FieldNames(Optional.empty(), Optional.empty(), Optional.empty());

    private final FakeSpools spools = new FakeSpools();
    private final FakeSpool forward = spools.of("forward");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<ForwardClient> clients = new ArrayList<>();
    private final List<DeadEntryFile> files = new ArrayList<>();

    @TempDir
    Path folder;

    private ForwardSource source;

    private void start(AckMode ack, Route... routes) throws IOException {
        InstantSource clock = () -> Instant.parse("2026-01-02T03:04:05Z");
        DeadEntryFile dead = new DeadEntryFile(folder.resolve("dead-letters"), clock);
        files.add(dead);
        Intake intake = new Intake(new Router(List.of(routes)), spools, stream -> 10_000, dead, clock);
        ForwardSourceSettings section = ForwardSourceSettings.open(List.of(ForwardAddress.tcp("127.0.0.1", 0)), ack);
        source = ForwardSource.start(
                section,
                TakenChunks.of(section),
                ConnectionBudget.unlimited(),
                intake,
                MemoryBudget.of(64 << 20).account(1.0),
                metrics);
    }

    private static Route route(String match, String stream, String key, RecordFormat format, FieldNames fields) {
        return new Route(
                right(RoutePattern.parse(match)),
                stream,
                "default",
                right(KeyTemplate.parse(key, Source.FORWARD)),
                format,
                fields);
    }

    private static <T> T right(Parsed<T> parsed) {
        return ((Parsed.Right<T>) parsed).value();
    }

    private ForwardClient client(String program) {
        ForwardClient client = ForwardClient.start(ClientSettings.to(
                        Address.of("127.0.0.1", source.addresses().get(0).getPort()))
                .linger(Duration.ofMillis(20))
                .longestPause(Duration.ofMillis(100))
                .source(program)
                .build());
        clients.add(client);
        return client;
    }

    private static void send(ForwardClient client, String tag, Consumer<EntryWriter> record) {
        EntryWriter entry = client.newEntry().begin(1_700_000_000L, 5);
        record.accept(entry);
        entry.end();
        client.offer(tag, entry);
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.close(Duration.ZERO));
        // Closing waits for what is owed.
        spools.all().forEach(FakeSpool::force);
        source.close();
        files.forEach(DeadEntryFile::close);
    }

    @Test
    void aDefectAfterAWaitForRoomEndsItsConnectionAndItsChunkComesAgain() throws Exception {
        start(AckMode.DURABLE);
        forward.refuse(Spool.FULL);
        ForwardClient one = client("");
        send(one, "app.one", record -> record.name("log").value("1"));
        await().until(() -> forward.wantingRoom() == 1);
        forward.throwOnce();
        forward.refuse(0);
        // Over a new connection, as the first was closed without an acknowledgement.
        await().until(() -> forward.size() == 1);
    }

    @Test
    void anEventIsAFlatRecordWithItsTimeTagAndIdAndAcknowledgedOnceDurable() throws Exception {
        start(AckMode.DURABLE);
        ForwardClient client = client("");
        send(
                client,
                "app.web",
                record -> record.name("log").value("hi").name("n").value(7));
        await().until(() -> forward.size() == 1);

        String json = forward.data().get(0);
        String begin =
                "{\"log\":\"hi\",\"n\":7,\"@timestamp\":\"2023-11-14T22:13:20.000000005Z\",\"@tag\":\"app.web\",\"@id\":\"";
        assertTrue(json.startsWith(begin), json);
        assertTrue(json.substring(begin.length()).matches("[0-9A-Z]{26}\"}"), json);
        assertEquals(List.of("late"), forward.keys());

        assertEquals(0, client.status().acknowledged());
        forward.force();
        await().until(() -> client.status().acknowledged() == 1);
        assertEquals(
                1,
                metrics.get("penstock.source.events")
                        .tag("source", "forward")
                        .counter()
                        .count());
    }

    @Test
    void anIdIsOfTheAgentsClockWhateverTimeTheEventHas() throws Exception {
        start(AckMode.DURABLE);
        List<Long> times = List.of(
                4_294_967_295L - 2, // the last second of an EventTime that marks no group, in 2106
                1L,
                4_102_444_800L,
                0L,
                1_700_000_000L);
        ForwardClient client = client("");
        for (long seconds : times) {
            EntryWriter entry = client.newEntry().begin(seconds, 7);
            entry.end();
            client.offer("t", entry);
        }
        await().until(() -> forward.size() == times.size());
        byte[] minusFive = {(byte) 0x93, (byte) 0xa1, 't', (byte) 0xfb, (byte) 0x80};
        try (Socket socket = new Socket("127.0.0.1", source.addresses().get(0).getPort())) {
            socket.getOutputStream().write(minusFive);
            await().until(() -> forward.size() == times.size() + 1);
        }

        Set<String> ids = new HashSet<>();
        for (String json : forward.data()) {
            String id = json.substring(json.length() - 28, json.length() - 2);
            assertEquals("01KDYAK348", id.substring(0, 10), json);
            assertTrue(ids.add(id), json);
        }
        assertTrue(
                forward.data().get(times.size()).contains("\"1969-12-31T23:59:55.000000000Z\""),
                () -> forward.data().toString());
    }

    @Test
    void fieldsOfTheEventAreNeverOverwritten() throws Exception {
        start(AckMode.DURABLE);
        send(
                client(""),
                "t",
                record -> record.name("@id")
                        .value("mine")
                        .name("@timestamp")
                        .value(1)
                        .name("@tag")
                        .nil());
        await().until(() -> forward.size() == 1);

        assertEquals(
                "{\"@id\":\"mine\",\"@timestamp\":1,\"@tag\":null}",
                forward.data().get(0));
    }

    @Test
    void routesDecideStreamKeyAndFields() throws Exception {
        start(
                AckMode.DURABLE,
                route("forward:app.**", "apps", "{tag}/{$.user.name}", RecordFormat.JSON, NOTHING_ADDED),
                route("forward:raw", "raws", "random", RecordFormat.RAW, FieldNames.DEFAULT));
        ForwardClient client = client("");
        send(
                client,
                "app.web",
                record -> record.name("user").map().name("name").value("ada").close());
        send(client, "app.web", record -> record.name("user").value("none"));
        send(client, "raw", record -> {});
        await().until(() -> spools.of("apps").size() == 2 && spools.of("raws").size() == 1);

        assertEquals(
                List.of("{\"user\":{\"name\":\"ada\"}}", "{\"user\":\"none\"}"),
                spools.of("apps").data());
        assertEquals(List.of("app.web/ada", "late"), spools.of("apps").keys());
        assertEquals(List.of("{}"), spools.of("raws").data());
        assertEquals(
                1, metrics.get("penstock.source.keys.missing").functionCounter().count());
    }

    @Test
    void chunksOfTheLog4jAppenderAreRoutedByLogger() throws Exception {
        start(
                AckMode.DURABLE,
                new Route(
                        right(RoutePattern.parse("log4j:com.acme.**")),
                        "acme",
                        "default",
                        right(KeyTemplate.parse("{logger}", Source.LOG4J)),
                        RecordFormat.JSON,
                        NOTHING_ADDED));
        ForwardClient client = client("log4j");
        for (int n = 0; n < 10; n++) {
            int number = n;
            String logger = n % 3 == 0 ? "org.other" : "com.acme.Shop";
            send(
                    client,
                    "t",
                    record -> record.name("log.logger").value(logger).name("n").value(number));
        }
        await().until(() -> spools.of("log4j").size() == 4 && spools.of("acme").size() == 6);

        assertEquals(
                "{\"log.logger\":\"com.acme.Shop\",\"n\":1}",
                spools.of("acme").data().get(0));
        assertEquals("com.acme.Shop", spools.of("acme").keys().get(0));
        assertFalse(spools.of("log4j").data().get(0).contains("@tag"), "a logger is no tag");
        spools.of("acme").force();
        assertEquals(0, client.status().acknowledged(), "the other stream is not yet durable");
        spools.of("log4j").force();
        await().until(() -> client.status().acknowledged() == 10);
    }

    @Test
    void aChunkThatFindsNoRoomHalfWayGoesOnFromThere() throws Exception {
        start(
                AckMode.DURABLE,
                new Route(
                        right(RoutePattern.parse("log4j:b")),
                        "b",
                        "default",
                        KeyTemplate.RANDOM,
                        RecordFormat.JSON,
                        NOTHING_ADDED),
                new Route(
                        right(RoutePattern.parse("log4j:a")),
                        "a",
                        "default",
                        KeyTemplate.RANDOM,
                        RecordFormat.JSON,
                        NOTHING_ADDED));
        spools.of("b").refuse(Spool.FULL);
        ForwardClient client = client("log4j");
        for (String logger : List.of("a", "a", "b", "a", "b", "b")) {
            send(client, "t", record -> record.name("log.logger").value(logger));
        }
        await().until(() -> spools.of("b").wantingRoom() == 1);
        assertEquals(2, spools.of("a").size());
        spools.of("b").refuse(0);
        await().until(() -> spools.of("b").size() == 3);

        assertEquals(3, spools.of("a").size());
        spools.of("a").force();
        spools.of("b").force();
        await().until(() -> client.status().acknowledged() == 6);
        assertEquals(0, client.status().resentChunks());
    }

    @Test
    void aChunkThatWaitsForRoomIsEncodedOnce() throws Exception {
        start(AckMode.DURABLE);
        forward.refuse(Spool.FULL);
        ForwardClient client = client("");
        send(client, "t", record -> record.name("a").value(1));
        await().until(() -> forward.wantingRoom() == 1);
        String first = forward.refused();
        for (int n = 0; n < 3; n++) {
            forward.tellOfRoom();
            await().until(() -> forward.wantingRoom() == 1);
        }
        forward.refuse(0);
        await().until(() -> forward.size() == 1);
        assertEquals(first, forward.data().get(0), "the id that it was given");
    }

    @Test
    void ackMemoryAnswersBeforeTheDiskAndAckDeliveredAfterTheStream() throws Exception {
        start(AckMode.MEMORY);
        ForwardClient client = client("");
        send(client, "t", record -> {});
        await().until(() -> client.status().acknowledged() == 1);
        source.close();

        start(AckMode.DELIVERED);
        ForwardClient patient = client("");
        send(patient, "t", record -> {});
        await().until(() -> forward.size() == 2 && forward.delivered.waiting() >= 1);
        forward.force();
        assertEquals(0, patient.status().acknowledged());
        forward.delivered.advance(2);
        await().until(() -> patient.status().acknowledged() == 1);
    }

    @Test
    void aFailedSpoolIsNeverAcknowledged() throws Exception {
        start(AckMode.DURABLE);
        ForwardClient client = client("");
        send(client, "t", record -> {});
        await().until(() -> forward.size() == 1);
        forward.durable.fail();
        await().until(() -> client.status().resentChunks() > 0);
        assertEquals(0, client.status().acknowledged());
        assertTrue(refusedChunks("storage_failed") > 0);
    }

    @Test
    void droppedAsConfiguredIsAcknowledged() throws Exception {
        start(AckMode.DURABLE);
        forward.refuse(Spool.DROPPED);
        ForwardClient client = client("");
        send(client, "t", record -> {});
        await().until(() -> client.status().acknowledged() == 1);
        assertEquals(
                1,
                metrics.get("penstock.source.dropped")
                        .tag("source", "forward")
                        .counter()
                        .count());
    }

    @Test
    void anEventTooLargeForItsStreamGoesOnToTheDeadLetters() throws Exception {
        start(AckMode.DURABLE);
        ForwardClient client = client("");
        send(client, "t", record -> record.name("a").value("x".repeat(20_000)));
        send(client, "t", record -> record.name("a").value("small"));
        await().until(() -> forward.size() == 2);
        assertTrue(forward.bytes(0).length > 20_000);
        forward.force();
        await().until(() -> client.status().acknowledged() == 2);
        assertEquals(1, refusedEvents("too_large"));
    }

    @Test
    void anEventThatNoStreamCouldTakeIsPutAsideAndItsChunkAcknowledged() throws Exception {
        start(AckMode.DURABLE);
        ForwardClient client = ForwardClient.start(ClientSettings.to(
                        Address.of("127.0.0.1", source.addresses().get(0).getPort()))
                .chunkBytes(16 * 1024 * 1024)
                .bufferBytes(32L * 1024 * 1024)
                .linger(Duration.ofMillis(20))
                .build());
        clients.add(client);
        send(client, "t", record -> record.name("a").value("x".repeat(RecordEncoder.MAX_BYTES)));
        await().until(() -> client.status().acknowledged() == 1);
        assertEquals(0, forward.size());
        JsonNode letter = deadEntries().get(0);
        assertEquals(
                "it is larger as JSON than the 10485760 bytes of any record",
                letter.get("reason").asText());
        assertTrue(letter.get("entry_base64").binaryValue().length > RecordEncoder.MAX_BYTES);
        assertEquals(1, metrics.get("penstock.source.put.aside").counter().count());
        assertEquals(0, refusedEvents("too_large"), "it counts once");
    }

    @Test
    void badEntriesArePutAsideTheOthersStoredAndTheChunkAcknowledgedOnceBothAreOnDisk() throws Exception {
        start(AckMode.DURABLE);
        byte[] tooDeep = hex("9201" + "81a161".repeat(65) + "01");
        byte[] textAsTime = hex("92a178" + "80");
        byte[] nilRecord = hex("9202c0");
        byte[] good = hex("920381a16e03");
        try (Socket socket = new Socket("127.0.0.1", source.addresses().get(0).getPort())) {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            chunk.writeBytes(hex("93a56170702e7795"));
            for (byte[] entry : List.of(good, tooDeep, textAsTime, nilRecord, good)) {
                chunk.writeBytes(entry);
            }
            chunk.writeBytes(hex("81a56368756e6ba26964"));
            socket.getOutputStream().write(chunk.toByteArray());
            await().until(() -> forward.size() == 2 && deadEntries().size() == 3);
            assertEquals(0, socket.getInputStream().available(), "the events are not on disk yet");
            forward.force();
            assertArrayEquals(hex("81a361636ba26964"), socket.getInputStream().readNBytes(8));
        }
        List<JsonNode> letters = deadEntries();
        assertEquals(
                List.of(
                        "its record is nested deeper than 64 levels",
                        "its time is a string, not EventTime, an integer or a float",
                        "its record is nil, not a map"),
                letters.stream().map(letter -> letter.get("reason").asText()).toList());
        assertArrayEquals(tooDeep, letters.get(0).get("entry_base64").binaryValue());
        assertArrayEquals(textAsTime, letters.get(1).get("entry_base64").binaryValue());
        assertArrayEquals(nilRecord, letters.get(2).get("entry_base64").binaryValue());
        assertEquals("app.w", letters.get(0).get("tag").asText());
        assertEquals("forward", letters.get(0).get("stream").asText());
        assertEquals("2026-01-02T03:04:05Z", letters.get(0).get("time").asText());
        assertEquals(3, metrics.get("penstock.source.put.aside").counter().count());
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private List<JsonNode> deadEntries() throws IOException {
        Path file = folder.resolve("dead-letters").resolve(DeadEntryFile.NAME);
        if (!Files.exists(file)) {
            return List.of();
        }
        try (MappingIterator<JsonNode> lines =
                new ObjectMapper().readerFor(JsonNode.class).readValues(file.toFile())) {
            return lines.readAll();
        }
    }

    @Test
    void aSpoolThatTakesNothingMoreRefusesTheChunk() throws Exception {
        start(AckMode.DURABLE);
        forward.refuse(Spool.FAILED);
        ForwardClient client = client("");
        send(client, "t", record -> {});
        await().until(() -> refusedChunks("not_accepted") >= 1);
        assertEquals(0, client.status().acknowledged());
    }

    @Test
    void aChunkForOneStreamTooManyIsHeldBackAndItsConnectionStaysOpen() throws Exception {
        start(AckMode.DURABLE);
        spools.refuseStreams(TooManyStreams.exception("'forward' would be stream 1001, engine.max-streams is 1000"));
        ForwardClient client = client("");
        send(client, "t", record -> {});
        await().until(() -> refusedEvents("too_many_streams") >= 1);
        assertEquals(0, client.status().resentChunks());
        assertEquals(0, refusedChunks("not_accepted"));
        assertEquals(0, forward.size());
    }

    private double refusedChunks(String reason) {
        return counted("penstock.forward.refused", reason);
    }

    private double refusedEvents(String reason) {
        return counted("penstock.source.refused", reason);
    }

    private double counted(String name, String reason) {
        return metrics.find(name).tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void anEntryWhoseTagLeadsToNoStreamIsADeadLetterAndItsChunkIsAcknowledged() throws Exception {
        start(AckMode.DURABLE, Texts.templated("forward:app.**", "app-{tag(2)}", "app-w*"));
        ForwardClient client = client("");
        send(client, "app.web", record -> record.name("log").value("1"));
        send(client, "app.db", record -> record.name("log").value("2"));
        send(client, "app.w b", record -> record.name("log").value("3"));
        await().until(() -> spools.of("app-web").size() == 1);
        spools.of("app-web").force();
        await().until(() -> client.status().acknowledged() == 3);
        List<String> letters = Files.readAllLines(folder.resolve("dead-letters").resolve(DeadEntryFile.NAME));
        assertEquals(2, letters.size());
        assertTrue(
                letters.stream()
                        .anyMatch(each -> each.contains("\"tag\":\"app.db\",\"reason\":\"its route app-{tag(2)}"
                                + " may not lead to the stream")),
                letters.toString());
        assertEquals(2, metrics.get("penstock.source.put.aside").counter().count());
        assertEquals(
                2,
                metrics.get("penstock.source.refused")
                        .tag("reason", "invalid_stream")
                        .counter()
                        .count());
    }

    @Test
    void constantsStandAfterWhatIsAddedAndNeverTakeTheEventsOwnPlace() throws Exception {
        start(AckMode.DURABLE, adding(Texts.route("forward:**", "s"), NOTHING_ADDED));
        ForwardClient client = client("");
        send(client, "a", record -> record.name("log").value("1"));
        send(client, "a", record -> record.name("site").value("own"));
        await().until(() -> spools.of("s").size() == 2);
        assertEquals(
                List.of(
                        "{\"log\":\"1\",\"site\":\"North \\\"1\\\"\",\"rack\":7,\"live\":true}",
                        "{\"site\":\"own\",\"rack\":7,\"live\":true}"),
                spools.of("s").data());
    }

    private static Route adding(Route route, FieldNames names) {
        Map<String, JsonConstant> constants = new LinkedHashMap<>();
        constants.put("site", new JsonConstant("North \"1\"", true));
        constants.put("rack", new JsonConstant("7", false));
        constants.put("live", new JsonConstant("true", false));
        return new Route(
                route.match(),
                "s",
                "default",
                route.key(),
                RecordFormat.JSON,
                names.adding(new ConstantFields(constants)));
    }
}
