package io.penstock.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/**
 * One file of a {@link SimulatedDisk}, which guards it: the cache's content, the disk's content, and where they differ.
 */
final class SimulatedFile {
    static final int SECTOR = 512;

    private byte[] cache = new byte[0];
    private byte[] durable = new byte[0];
    private final BitSet dirty = new BitSet();
    /** Bytes with a flipped bit, because a second flip might undo the first. */
    private final BitSet flipped = new BitSet();

    private int size;
    private int durableSize;

    int size() {
        return size;
    }

    void write(ByteBuffer source, long position, int length) {
        int at = Math.toIntExact(position);
        grow(at + length);
        source.get(cache, at, length);
        dirty.set(at / SECTOR, (at + length - 1) / SECTOR + 1);
        size = Math.max(size, at + length);
    }

    /** Writes some of the sectors of a write that failed or never ended. */
    void writeSome(ByteBuffer source, long position, Random random) {
        int at = Math.toIntExact(position);
        int end = Math.min(size, at + source.remaining());
        int base = source.position();
        for (int from = at; from < end; from = (from / SECTOR + 1) * SECTOR) {
            int to = Math.min(end, (from / SECTOR + 1) * SECTOR);
            if (random.nextBoolean()) {
                source.get(base + from - at, cache, from, to - from);
                dirty.set(from / SECTOR);
            }
        }
    }

    int read(ByteBuffer target, long position) {
        if (position >= size) {
            return -1;
        }
        int length = Math.min(target.remaining(), size - (int) position);
        target.put(cache, (int) position, length);
        return length;
    }

    void truncate(long to) {
        if (to < size) {
            Arrays.fill(cache, (int) to, size, (byte) 0);
            size = (int) to;
        }
    }

    void force() {
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            store(sector);
        }
        dirty.clear();
        Arrays.fill(durable, size, durable.length, (byte) 0);
        durableSize = size;
    }

    /** A failed force: the disk has a part of the data, and the cache considers it clean. */
    void forceBadly(Random random) {
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            if (random.nextBoolean()) {
                store(sector);
            }
        }
        dirty.clear();
    }

    /**
     * The power is cut: of the unforced sectors, {@code survive} 0 keeps none, 1 all, any other value a random subset.
     */
    void lose(Random random, int survive) {
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            if (survive == 1 || (survive > 1 && random.nextBoolean())) {
                store(sector);
            }
        }
        dirty.clear();
        if (survive == 1 || (survive > 1 && random.nextBoolean())) {
            durableSize = size;
        }
        size = durableSize;
        Arrays.fill(durable, size, durable.length, (byte) 0);
        cache = durable.clone();
    }

    boolean flip(Random random) {
        if (size == 0) {
            return false;
        }
        int at = random.nextInt(size);
        for (int look = 0; look < SECTOR && cache[at] == 0; look++) {
            at = (at + 1) % size;
        }
        if (cache[at] == 0 || dirty.get(at / SECTOR) || flipped.get(at)) {
            return false;
        }
        flipped.set(at);
        byte bit = (byte) (1 << random.nextInt(8));
        cache[at] ^= bit;
        durable[at] ^= bit;
        return true;
    }

    void noise(Random random, int from, int to) {
        byte[] bytes = new byte[to - from];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, cache, from, bytes.length);
        System.arraycopy(bytes, 0, durable, from, bytes.length);
    }

    private void store(int sector) {
        int from = sector * SECTOR;
        int to = Math.min(size, from + SECTOR);
        if (from < to) {
            System.arraycopy(cache, from, durable, from, to - from);
        }
    }

    private void grow(int end) {
        if (end > cache.length) {
            int length = Math.max(end, cache.length + cache.length / 2);
            cache = Arrays.copyOf(cache, length);
            durable = Arrays.copyOf(durable, length);
        }
    }
}
