package io.penstock.engine.stream;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A shard: a hash key range and a range of its stream's offsets.
 *
 * @param index its number within the stream, in order of creation
 * @param first the first hash key
 * @param last the last hash key
 * @param parent the index of the shard from which it was split or merged; {@link #NONE} if there is none
 * @param adjacentParent the second shard of a merge; {@link #NONE} if there is none
 * @param startOffset its records are at or above this offset
 * @param endOffset its records are below this offset; {@link #OPEN} while it takes records
 * @param createdAt by the age clock
 * @param closedAt by the age clock; {@link #OPEN} while it takes records
 */
public record Shard(
        int index,
        HashKey first,
        HashKey last,
        int parent,
        int adjacentParent,
        long startOffset,
        long endOffset,
        long createdAt,
        long closedAt) {
    public static final int NONE = -1;
    public static final long OPEN = -1;

    private static final String PREFIX = "shardId-";
    private static final int DIGITS = 12;
    private static final byte[] FIRST = (PREFIX + "0".repeat(DIGITS)).getBytes(StandardCharsets.ISO_8859_1);

    static Shard open(int index, HashKey first, HashKey last, int parent, int adjacentParent, long offset, long now) {
        return new Shard(index, first, last, parent, adjacentParent, offset, OPEN, now, OPEN);
    }

    Shard closed(long offset, long now) {
        return new Shard(index, first, last, parent, adjacentParent, startOffset, offset, createdAt, now);
    }

    public boolean isOpen() {
        return endOffset == OPEN;
    }

    /** True if records of the shard may be at or above {@code offset}. */
    public boolean reaches(long offset) {
        return isOpen() || endOffset > offset;
    }

    public boolean isChildOf(Shard shard) {
        return parent == shard.index || adjacentParent == shard.index;
    }

    /** The shard's id, as in {@code shardId-000000000007}. */
    public String id() {
        return id(index);
    }

    public static String id(int index) {
        byte[] id = FIRST.clone();
        writeIndex(index, id, id.length);
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    /** Replaces the index in a shard id, which {@code id} holds in ASCII and which ends before {@code to}. */
    public static void writeIndex(int index, byte[] id, int to) {
        int rest = index;
        for (int i = to - 1; i >= to - DIGITS; i--) {
            id[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /**
     * The index in a shard id; empty if the text is none. As in the service, leading zeros may be missing, and the
     * prefix may be another one, or missing too.
     */
    public static Optional<Integer> indexIn(String id) {
        int from = id.indexOf('-') + 1;
        if (from == id.length()) {
            return Optional.empty();
        }
        long index = 0;
        for (int i = from; i < id.length(); i++) {
            int digit = id.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return Optional.empty();
            }
            index = index * 10 + digit;
            if (index > Integer.MAX_VALUE) {
                return Optional.empty();
            }
        }
        return Optional.of((int) index);
    }
}
