package io.penstock.agent.ingest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.base.ack.Waiter;
import io.penstock.delivery.spool.StreamId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadEntryFileTest {
    private static final String LINE = "{\"time\":\"2026-01-02T03:04:05Z\",\"source\":\"forward\",\"stream\":\"s\","
            + "\"tag\":\"t\",\"reason\":\"why\",\"entry_base64\":\"AQI=\"}";

    @TempDir
    Path folder;

    private DeadEntryFile open(long mostBytes) {
        return new DeadEntryFile(folder.resolve("d"), () -> Instant.parse("2026-01-02T03:04:05Z"), mostBytes);
    }

    private List<String> lines() throws Exception {
        return Files.readAllLines(folder.resolve("d").resolve(DeadEntryFile.NAME));
    }

    private static DeadEntry entry(int bytes) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) (i + 1);
        }
        return new DeadEntry(new StreamId("default", "s"), "forward", "t", "why", content);
    }

    @Test
    void anEntryIsOnDiskWhenItsOffsetHasPassed() throws Exception {
        try (DeadEntryFile file = open(1000)) {
            AtomicInteger told = new AtomicInteger();
            Waiter waiter = new Waiter(ImmediateEventExecutor.INSTANCE, told::incrementAndGet);
            file.stored().await(0, waiter);
            long offset = file.put(entry(2));
            await().until(() -> file.stored().end() > offset);
            assertEquals(List.of(LINE), lines());
            await().until(() -> told.get() == 1);
        }
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("d").resolve(DeadEntryFile.NAME))));
    }

    @Test
    void whatACrashLeftOfALineIsCutOff() throws Exception {
        Files.createDirectories(folder.resolve("d"));
        Files.writeString(folder.resolve("d").resolve(DeadEntryFile.NAME), LINE + "\n{\"time\":\"2026");
        try (DeadEntryFile file = open(1000)) {
            file.put(entry(2));
        }
        assertEquals(List.of(LINE, LINE), lines());
    }

    @Test
    void aFullFileTakesNoMoreAndClosingLosesNothingThatWasPassed() throws Exception {
        try (DeadEntryFile file = open(LINE.length())) {
            long first = file.put(entry(2));
            await().until(() -> file.stored().end() > first);
            file.put(entry(2));
            await().until(() -> file.put(entry(16 << 20)) == DeadEntries.FULL);
            Waiter waiter = new Waiter(ImmediateEventExecutor.INSTANCE, () -> {});
            file.whenRoom().await(waiter); // Told of the room that the first entry left.
            file.whenRoom().await(waiter);
            assertTrue(waiter.isWaiting());
            assertEquals(1, file.stored().end());
        }
        assertEquals(List.of(LINE), lines());
    }

    @Test
    void anEntryLargerThanMayWaitIsTakenAlone() throws Exception {
        try (DeadEntryFile file = open(1L << 30)) {
            long large = file.put(entry(20 << 20));
            assertTrue(large >= 0);
            await().until(() -> file.stored().end() > large);
            assertTrue(file.put(entry(1)) >= 0);
        }
        assertEquals(2, lines().size());
    }

    @Test
    void aFileMovedAwayIsMadeAnew() throws Exception {
        try (DeadEntryFile file = open(1000)) {
            long first = file.put(entry(2));
            await().until(() -> file.stored().end() > first);
            Files.delete(folder.resolve("d").resolve(DeadEntryFile.NAME));
            long second = file.put(entry(2));
            await().until(() -> file.stored().end() > second);
            assertEquals(List.of(LINE), lines());
        }
    }
}
