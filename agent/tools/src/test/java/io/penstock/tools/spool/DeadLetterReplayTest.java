package io.penstock.tools.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.SendRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.it.StreamContents;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.Record;

class DeadLetterReplayTest {
    private static final StreamId SENSORS = new StreamId("default", "sensors");

    @TempDir
    Path data;

    private DeadLetters deadLetters;

    @BeforeEach
    void refuseTwo() throws Exception {
        TargetSettings nowhere = TargetSettings.url(URI.create("http://127.0.0.1:1"), "us-east-1");
        try (SpooledDelivery run = new SpooledDelivery(data, nowhere)) {
            run.append(SENSORS, "key", "waits");
        }
        deadLetters = letters();
        deadLetters.add(List.of(new DeadLetters.Letter(record("kéy", "refused", false), "ValidationException")));
        deadLetters.add(List.of(new DeadLetters.Letter(record("", "late", false), "ValidationException")));
    }

    private DeadLetters letters() {
        return new DeadLetters(DeadLetters.folder(data), SENSORS, InstantSource.system(), 1 << 20);
    }

    private static SendRecord record(String key, String data, boolean aggregates) {
        byte[] both = (key + data).getBytes(StandardCharsets.UTF_8);
        int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
        return new SendRecord(0, both, keyBytes, both.length, aggregates);
    }

    private long replay() throws IOException {
        DeadLetterReplay replay = new DeadLetterReplay(data);
        assertEquals(List.of(SENSORS), replay.streams());
        try (OfflineSpools spools = OfflineSpools.open(data);
                OfflineSpool spool = spools.open(SENSORS)) {
            return replay.replay(SENSORS, spool);
        }
    }

    @Test
    void theNextRunSendsThemAgainWithTheirKeys() throws Exception {
        assertEquals(2, letters().letters(), "those of earlier runs are counted");
        assertEquals(2, replay());
        assertFalse(Files.exists(deadLetters.file()));
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                StreamContents contents = new StreamContents(
                        URI.create("http://127.0.0.1:" + engine.address().getPort()));
                SpooledDelivery run = new SpooledDelivery(
                        data,
                        TargetSettings.embedded(
                                URI.create(
                                        "http://127.0.0.1:" + engine.address().getPort()),
                                1))) {
            run.awaitDelivered(SENSORS, 3);
            Set<String> read = new HashSet<>();
            for (Record each : contents.of("sensors")) {
                String text = each.data().asUtf8String();
                read.add((text.equals("late") ? "?" : each.partitionKey()) + "=" + text);
            }
            assertEquals(Set.of("key=waits", "kéy=refused", "?=late"), read);
        }
    }

    @Test
    void whatMayShareAKinesisRecordStillMayAfterwards() throws Exception {
        for (int i = 0; i < 20; i++) {
            deadLetters.add(List.of(new DeadLetters.Letter(record("k" + i, "small " + i, true), "refused")));
        }
        assertEquals(22, replay());
        try (StreamEngine engine = StreamEngine.start(EngineSettings.ephemeral());
                SpooledDelivery run = new SpooledDelivery(
                        data,
                        TargetSettings.embedded(
                                URI.create(
                                        "http://127.0.0.1:" + engine.address().getPort()),
                                1))) {
            run.awaitDelivered(SENSORS, 23);
            long kinesisRecords = run.status(SENSORS).delivered().kinesisRecords();
            assertTrue(kinesisRecords < 10, () -> kinesisRecords + " Kinesis records");
        }
    }

    @Test
    void aTornLastLetterIsCutOffAndTheOthersAreReplayed() throws Exception {
        Files.writeString(
                deadLetters.file(),
                "{\"letter\":3,\"time\":\"2026-01-02T03:04:05Z\",\"data_base64\":\"cmV",
                StandardOpenOption.APPEND);
        assertEquals(2, replay());
        assertFalse(Files.exists(deadLetters.file()));
    }

    /**
     * As after a power cut: the first block of what was written together is missing, the rest and its line end are
     * there.
     */
    @Test
    void aLineWithAHoleIsKeptBesideTheFileAndTheOthersAreReplayed() throws Exception {
        String hole = "\0".repeat(4096) + "5lIn0=";
        Files.writeString(deadLetters.file(), hole + "\n", StandardOpenOption.APPEND);
        DeadLetters next = letters();
        next.add(List.of(new DeadLetters.Letter(record("k", "after", false), "ValidationException")));
        assertEquals(3, replay());
        assertFalse(Files.exists(deadLetters.file()));
        assertEquals(
                hole + "\n",
                Files.readString(
                        deadLetters.file().resolveSibling(deadLetters.file().getFileName() + ".torn")));
        try (OfflineSpools spools = OfflineSpools.open(data);
                OfflineSpool spool = spools.open(SENSORS)) {
            assertEquals(4, spool.waiting());
        }
    }

    @Test
    void aLineThatCannotBeReadIsNamedAndNothingIsReplayed() throws Exception {
        Files.writeString(deadLetters.file(), "{\"time\": \"cut sho\n", StandardOpenOption.APPEND);
        IOException refused = assertThrows(IOException.class, this::replay);
        assertTrue(refused.getMessage().contains("letter 3"), refused.getMessage());
        assertTrue(refused.getMessage().contains("nothing was replayed"), refused.getMessage());
        try (OfflineSpools spools = OfflineSpools.open(data);
                OfflineSpool spool = spools.open(SENSORS)) {
            assertEquals(1, spool.waiting());
        }
    }
}
