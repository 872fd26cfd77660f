package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {
    @TempDir
    Path folder;

    private static SettledOffsets offsets(long floor, long... above) {
        SettledOffsets offsets = new SettledOffsets(floor);
        for (long each : above) {
            offsets.add(each);
        }
        return offsets;
    }

    private Optional<SettledOffsets> read() throws IOException {
        return CheckpointFile.open(folder).offsets();
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        CheckpointFile.open(folder)
                .file()
                .write(offsets(1_000_000_000_000L, 1_000_000_000_002L, 1_000_000_000_900L), false);
        SettledOffsets read = read().orElseThrow();
        assertEquals(1_000_000_000_000L, read.floor());
        assertTrue(read.contains(1_000_000_000_002L) && read.contains(1_000_000_000_900L));
        assertEquals(2, read.above());
    }

    @Test
    void anEmptyFolderHasNone() throws IOException {
        assertTrue(read().isEmpty());
    }

    @Test
    void theLastWriteCounts() throws IOException {
        CheckpointFile file = CheckpointFile.open(folder).file();
        for (int i = 1; i <= 7; i++) {
            file.write(offsets(i), i % 3 == 0);
            assertEquals(i, read().orElseThrow().floor());
        }
    }

    @Test
    void anUnknownVersionIsRefusedNamingBothVersions() throws IOException {
        CheckpointFile.open(folder).file().write(offsets(5), true);
        Path slot = folder.resolve("checkpoint.b");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(slot));
        bytes.putInt(4, 3);
        bytes.putInt(28, Checkpoint.checksum(bytes));
        Files.write(slot, bytes.array());
        IOException refused = assertThrows(IOException.class, this::read);
        assertTrue(refused.getMessage().contains("version 3"), refused.getMessage());
        assertTrue(refused.getMessage().contains("version 1"), refused.getMessage());
        assertTrue(refused.getMessage().contains(slot.toString()), refused.getMessage());
    }

    @Test
    void aWriteTornAnywhereFallsBackToTheSlotBefore() throws IOException {
        CheckpointFile file = CheckpointFile.open(folder).file();
        file.write(offsets(10, 12), true);
        file.write(offsets(20, 22, 24), false);
        Path last = slotOf(20);
        byte[] whole = Files.readAllBytes(last);
        for (int length = 0; length < whole.length; length++) {
            Files.write(last, Arrays.copyOf(whole, length));
            assertEquals(10, read().orElseThrow().floor(), "torn at " + length);
        }
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(last, damaged);
            assertEquals(10, read().orElseThrow().floor(), "flipped at " + i);
        }
    }

    @Test
    void aWriteThatIsNotForcedNeverGoesOverTheForcedSlot() throws IOException {
        CheckpointFile file = CheckpointFile.open(folder).file();
        file.write(offsets(1), true);
        Path forced = slotOf(1);
        byte[] content = Files.readAllBytes(forced);
        for (int i = 2; i < 10; i++) {
            file.write(offsets(i), false);
            assertArrayEquals(content, Files.readAllBytes(forced));
        }
        file.write(offsets(10), true);
        file.write(offsets(11), false);
        assertEquals(slotOf(11), forced);
    }

    private Path slotOf(long floor) throws IOException {
        for (String name : new String[] {"checkpoint.a", "checkpoint.b"}) {
            Path slot = folder.resolve(name);
            if (Files.exists(slot)) {
                var decoded = Checkpoint.decode(ByteBuffer.wrap(Files.readAllBytes(slot)), slot);
                if (decoded.isPresent() && decoded.get().offsets().floor() == floor) {
                    return slot;
                }
            }
        }
        throw new AssertionError("no slot with floor " + floor);
    }
}
