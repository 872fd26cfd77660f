package io.penstock.journal.internal.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.journal.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Direct writes store the bytes at their position, and change nothing else except the rest of a block. */
class DirectFileTest {
    private static final int CAPACITY = 3 << 20;

    @TempDir
    Path folder;

    private Path path;
    private DiskFile file;

    @BeforeEach
    void open() throws IOException {
        path = folder.resolve("file");
        byte[] before = new byte[CAPACITY];
        Arrays.fill(before, (byte) 7);
        Files.write(path, before);
        Optional<DiskFile> direct = DirectFile.open(path, new AlignedPieces());
        assumeTrue(direct.isPresent(), "this file system has no writing past its cache");
        file = direct.get();
    }

    @Test
    void writesOfAnySizeStandOneBehindTheOther() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] expected = new byte[CAPACITY];
        int at = 512;
        for (int i = 0; at < CAPACITY - (1 << 20); i++) {
            byte[] bytes = new byte[1 + random.nextInt(i % 5 == 0 ? 1 << 20 : 9_000)];
            random.nextBytes(bytes);
            ByteBuffer source = i % 2 == 0
                    ? ByteBuffer.wrap(bytes)
                    : ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            file.writeFully(source, at);
            System.arraycopy(bytes, 0, expected, at, bytes.length);
            at += bytes.length;
            if (i % 3 == 0) {
                file.force();
                // A gap, as between batches; its bytes are zeroes, like the rest of any block.
                at = (at + 7) & -8;
            }
        }
        file.close();
        byte[] found = Files.readAllBytes(path);
        assertArrayEquals(Arrays.copyOfRange(expected, 512, at), Arrays.copyOfRange(found, 512, at), "seed " + seed);
        assertEquals(7, found[511]);
        assertEquals(CAPACITY, found.length);
        assertEquals(7, found[CAPACITY - 1]);
    }

    @Test
    void whatStoodBeforeTheFirstWriteInItsBlockStays() throws IOException {
        file.writeFully(ByteBuffer.wrap(new byte[] {1, 2, 3}), 10_000);
        file.close();
        byte[] found = Files.readAllBytes(path);
        assertEquals(7, found[9_999]);
        assertArrayEquals(new byte[] {1, 2, 3, 0}, Arrays.copyOfRange(found, 10_000, 10_004));
        assertEquals(0, found[12_287], "the rest of the block is zeroes");
        assertEquals(7, found[12_288], "the next block is untouched");
    }

    @Test
    void aReaderThroughTheCacheSeesEachWrite() throws IOException {
        try (DiskFile reader = new RealDisk().openForReading(path)) {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = new byte[100];
                Arrays.fill(bytes, (byte) (i + 1));
                file.writeFully(ByteBuffer.wrap(bytes), i * 100L);
                ByteBuffer seen = ByteBuffer.allocate(100);
                reader.readFully(seen, i * 100L);
                assertArrayEquals(bytes, seen.array());
            }
        }
    }

    @Test
    void itReadsFromAnyPositionUpToTheEnd() throws IOException {
        file.writeFully(ByteBuffer.wrap(new byte[] {1, 2, 3}), CAPACITY - 3L);
        ByteBuffer target = ByteBuffer.allocate(100);
        assertEquals(5, file.readFully(target, CAPACITY - 5L));
        assertArrayEquals(new byte[] {7, 7, 1, 2, 3}, Arrays.copyOf(target.array(), 5));
        assertEquals(-1, file.read(ByteBuffer.allocate(1), CAPACITY));
    }

    @Test
    void aFooterIsCutToItsBytes() throws IOException {
        file.writeFully(ByteBuffer.wrap(new byte[100]), CAPACITY);
        file.truncate(CAPACITY + 100);
        file.force();
        assertEquals(CAPACITY + 100, file.size());
        assertEquals(CAPACITY + 100, Files.size(path));
    }

    @Test
    void nothingIsWrittenBehindAHole() {
        assertThrows(IOException.class, () -> file.writeFully(ByteBuffer.wrap(new byte[] {1}), CAPACITY + 10L));
    }
}
