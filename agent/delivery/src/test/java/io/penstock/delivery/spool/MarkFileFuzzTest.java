package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkFileFuzzTest {
    @TempDir
    Path folder;

    /** {@code -Dpenstock.fuzz.seed} chooses another. */
    @Test
    void damagedFilesLoseOnlyTheirDamagedMarks() throws IOException {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        MarkFile file = new MarkFile(folder, 1_000);
        file.append(IntStream.range(0, 20)
                .mapToObj(i -> new MarkFile.Slot(new byte[SpooledRecord.MARK_BYTES], i))
                .toList());
        byte[] right = Files.readAllBytes(folder.resolve("marks"));
        for (int i = 0; i < 300; i++) {
            byte[] bytes = Arrays.copyOf(right, random.nextInt(right.length + 40));
            int damaged = random.nextInt(3);
            for (int n = 0; n < damaged && bytes.length > 0; n++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            }
            // In one file: a cut within a mark would spoil that mark.
            int read = MarkFileFuzz.check(folder, bytes, random.nextBoolean() ? 0 : bytes.length);
            int whole = Math.min(20, bytes.length / 36);
            assertTrue(read >= whole - damaged && read <= whole, "seed " + seed + ": " + List.of(read, whole, damaged));
        }
    }
}
