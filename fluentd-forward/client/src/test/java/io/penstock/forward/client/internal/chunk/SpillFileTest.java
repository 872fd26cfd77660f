package io.penstock.forward.client.internal.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forward.client.internal.message.PackedForward;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the file with a model: chunks that were saved and not erased are found again, in order, whatever comes
 * between.
 */
class SpillFileTest {
    private static final byte[] NO_SOURCE = {};
    private static final int ENVELOPE = PackedForward.envelope(NO_SOURCE);

    @TempDir
    Path folder;

    private final ChunkIds ids = new ChunkIds();

    private static final class Filling {
        final Chunk chunk;
        final PackedForward message = new PackedForward(64 * 1024, ENVELOPE);
        final int tag;

        Filling(String id, int tag) {
            this.tag = tag;
            this.chunk = Chunk.open(id, tagOf(tag), message, 0);
        }
    }

    private static byte[] tagOf(int n) {
        return ("tag." + "x".repeat(n)).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatWasSavedAndNotErasedIsFoundAgain() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path file = folder.resolve("spill");
        Map<String, Filling> model = new LinkedHashMap<>();
        Map<String, byte[]> savedBytes = new LinkedHashMap<>();
        SpillFile spill = SpillFile.open(file, 4 * 1024 * 1024);
        assertEquals(List.of(), spill.restore());
        for (int step = 0; step < 2_000; step++) {
            int choice = random.nextInt(100);
            if (choice < 30 || model.isEmpty()) {
                Filling fresh = new Filling(ids.next(), random.nextInt(400));
                grow(spill, fresh, random, savedBytes);
                if (fresh.chunk.place() != null) {
                    model.put(fresh.chunk.id(), fresh);
                }
            } else if (choice < 65) {
                Filling any = any(model, random);
                if (any.message.entriesLength() < 50_000) {
                    grow(spill, any, random, savedBytes);
                }
            } else if (choice < 98) {
                Filling any = any(model, random);
                spill.erase(any.chunk.place());
                model.remove(any.chunk.id());
                savedBytes.remove(any.chunk.id());
            } else {
                spill.close();
                spill = SpillFile.open(file, 4 * 1024 * 1024);
                check("seed " + seed + ", step " + step, spill, model, savedBytes);
            }
        }
        spill.close();
    }

    private static Filling any(Map<String, Filling> model, Random random) {
        return new ArrayList<>(model.values()).get(random.nextInt(model.size()));
    }

    private static void grow(SpillFile spill, Filling filling, Random random, Map<String, byte[]> savedBytes)
            throws IOException {
        byte[] entry = new byte[1 + random.nextInt(9_000)];
        random.nextBytes(entry);
        filling.chunk.add(entry, 0, entry.length);
        int length = filling.message.entriesLength();
        Place place = spill.save(filling.chunk, filling.message, length, filling.chunk.events(), random.nextBoolean());
        if (place != null) {
            filling.chunk.saved(place, 0);
            int from = filling.message.entriesAt();
            savedBytes.put(filling.chunk.id(), Arrays.copyOfRange(filling.message.array(), from, from + length));
        }
    }

    private static void check(String when, SpillFile spill, Map<String, Filling> model, Map<String, byte[]> savedBytes)
            throws IOException {
        List<Chunk> found = spill.restore();
        assertEquals(List.copyOf(model.keySet()), found.stream().map(Chunk::id).toList(), when);
        PackedForward memory = new PackedForward(0, ENVELOPE);
        for (Chunk chunk : found) {
            Filling expected = model.get(chunk.id());
            assertEquals(expected.chunk.savedEvents(), chunk.events(), when);
            assertArrayEquals(tagOf(expected.tag), chunk.tag(), when);
            spill.read(chunk, memory, NO_SOURCE);
            byte[] bytes = savedBytes.get(chunk.id());
            assertArrayEquals(
                    bytes,
                    Arrays.copyOfRange(memory.array(), memory.entriesAt(), memory.entriesAt() + memory.entriesLength()),
                    when);
            expected.chunk.saved(chunk.place(), 0);
        }
    }

    @Test
    void aProcessThatWasKilledWhileAChunkMovedLeavesItOnce() throws IOException {
        Path file = folder.resolve("spill");
        Filling filling = new Filling(ids.next(), 3);
        byte[] before;
        try (SpillFile spill = SpillFile.open(file, 1024 * 1024)) {
            filling.chunk.add(new byte[3_000], 0, 3_000);
            filling.chunk.saved(spill.save(filling.chunk, filling.message, 3_000, 1, true), 0);
            before = Files.readAllBytes(file);
            filling.chunk.add(new byte[3_000], 0, 3_000);
            filling.chunk.saved(spill.save(filling.chunk, filling.message, 6_000, 2, true), 0);
        }
        byte[] after = Files.readAllBytes(file);
        // Restores the old place as it was before its head was overwritten.
        System.arraycopy(before, 4096, after, 4096, before.length - 4096);
        Files.write(file, after);
        try (SpillFile spill = SpillFile.open(file, 1024 * 1024)) {
            List<Chunk> found = spill.restore();
            assertEquals(1, found.size());
            assertEquals(2, found.get(0).events());
        }
        try (SpillFile spill = SpillFile.open(file, 1024 * 1024)) {
            assertEquals(1, spill.restore().size());
        }
    }
}
