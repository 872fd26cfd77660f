package io.penstock.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.ManualClock;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStreamStoreTest extends StreamStoreContract {
    private final ManualClock clock = new ManualClock();
    private final LogSystem logs = LogSystem.create(AgeClock.of(clock));

    @TempDir
    Path root;

    @Override
    StreamStore open() throws IOException {
        return LocalStreamStore.open(root, logs, new LogSettings(Long.MAX_VALUE, 0));
    }

    @Override
    void advance(Duration by) {
        clock.advance(by);
    }

    @AfterEach
    void closeLogs() throws IOException {
        logs.close();
    }

    @Test
    void aFolderThatAnInterruptedDropLeftIsClearedAway() throws IOException {
        Path left = Files.createDirectories(root.resolve(".dropped-x").resolve("log"));
        Files.writeString(left.resolve("segment"), "old");
        open().close();
        assertTrue(Files.notExists(left));
    }

    @Test
    void aFolderWithoutMetadataIsNoStream() throws IOException {
        Path half = Files.createDirectories(root.resolve("half~0123"));
        Files.writeString(half.resolve("stream.meta.tmp"), "");
        Path records = Files.createDirectories(root.resolve("lost~0123").resolve("log"));
        try (StreamStore store = open()) {
            assertTrue(store.list().isEmpty());
        }
        assertTrue(Files.notExists(half));
        assertTrue(Files.exists(records), "records are left to be looked at");
    }

    @Test
    void damagedMetadataIsReportedWithItsPlaceAndLeftAsItIs() throws IOException {
        Path file = root.resolve(FolderName.of("a")).resolve("stream.meta");
        try (StreamStore store = open()) {
            store.put("a", StreamStore.ABSENT, new byte[] {1, 2, 3});
            store.put("b", StreamStore.ABSENT, new byte[] {4});
        }
        byte[] good = Files.readAllBytes(file);
        for (int i = 0; i <= good.length; i++) {
            byte[] bad = i == good.length ? Arrays.copyOf(good, 3) : good.clone();
            if (i < good.length) {
                bad[i] ^= 0x10;
            }
            Files.write(file, bad);
            try (StreamStore store = open()) {
                assertEquals(
                        List.of("b"),
                        store.list().stream().map(StreamStore.Stored::name).toList());
                assertEquals(1, store.damage().size());
                assertTrue(store.damage("a").orElseThrow().contains(file.toString()));
                assertTrue(store.damage("b").isEmpty());
                assertThrows(IOException.class, () -> store.put("a", StreamStore.ABSENT, new byte[] {5}));
            }
            assertArrayEquals(bad, Files.readAllBytes(file));
        }
    }

    @Test
    void aFolderThatWasRenamedIsReported() throws IOException {
        try (StreamStore store = open()) {
            store.put("a", StreamStore.ABSENT, new byte[] {1});
        }
        Files.move(root.resolve(FolderName.of("a")), root.resolve("b~0123"));
        try (StreamStore store = open()) {
            assertTrue(store.list().isEmpty());
            assertEquals(1, store.damage().size());
        }
    }

    @Test
    void aHalfWrittenReplacementIsIgnored() throws IOException {
        try (StreamStore store = open()) {
            store.put("a", StreamStore.ABSENT, new byte[] {1});
            Files.write(root.resolve(FolderName.of("a")).resolve("stream.meta.tmp"), new byte[] {9});
        }
        try (StreamStore store = open()) {
            assertEquals(1, store.list().get(0).metadata()[0]);
        }
    }
}
