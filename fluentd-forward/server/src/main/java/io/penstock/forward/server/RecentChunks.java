package io.penstock.forward.server;

import io.penstock.base.ack.Watermark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.zip.CRC32C;

/**
 * The chunks that were taken last, so that one which its sender sends again, because it has not seen the
 * acknowledgement, is not stored again. Thread-safe; bounded by a number of chunks.
 *
 * <p>Only a chunk whose id no other chunk can have is remembered, and only the very same message of the same user is
 * recognised: a new chunk has another id, and is stored. Its acknowledgement waits for what the first one waited for.
 *
 * <p>A handler that stores {@link Chunk#mark} in one piece with a chunk's last event can {@link #recall} the chunk
 * after a restart.
 */
public final class RecentChunks {
    /** Bytes of {@link Chunk#mark}: 16 of a hash, and 8 that say which of two chunks is newer. */
    public static final int MARK_BYTES = 24;

    private final int most;
    private final Map<Mark, Known> known = new HashMap<>();
    private final PriorityQueue<Known> oldestFirst = new PriorityQueue<>(Comparator.comparingLong(Known::rank));
    private long lastRank;

    /** @param most how many are remembered; 0: none */
    public RecentChunks(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("recent chunks: " + most);
        }
        this.most = most;
    }

    /** A message: half of the SHA-256 of its sender, its id, its length and its CRC32C. */
    public record Mark(long high, long low) {}

    private record Known(Mark mark, long rank, List<Owed> owed) {}

    public int most() {
        return most;
    }

    /**
     * The mark of a message.
     *
     * @param uniqueId an id that no other chunk can have; empty if the message has none
     * @return empty when the message cannot be recognised
     */
    public Optional<Mark> mark(Peer peer, String uniqueId, byte[] bytes, int from, int length) {
        if (most == 0 || uniqueId.isEmpty()) {
            return Optional.empty();
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        byte[] user = peer.user().getBytes(StandardCharsets.UTF_8);
        byte[] id = uniqueId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer text = ByteBuffer.allocate(4 * Integer.BYTES + user.length + id.length);
        text.putInt(user.length)
                .put(user)
                .putInt(id.length)
                .put(id)
                .putInt(length)
                .putInt((int) crc.getValue());
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.array()));
            return Optional.of(new Mark(hash.getLong(), hash.getLong()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What a handler stores with the last event of the chunk, which is newer than all that are known. */
    public synchronized byte[] toStore(Mark mark) {
        lastRank++;
        return ByteBuffer.allocate(MARK_BYTES)
                .putLong(mark.high())
                .putLong(mark.low())
                .putLong(lastRank)
                .array();
    }

    /** What is owed for a message like this that was taken; empty when none was, or what it waited for has failed. */
    public synchronized List<Owed> find(Mark mark) {
        Known found = known.get(mark);
        if (found == null) {
            return List.of();
        }
        if (found.owed().stream().anyMatch(part -> part.where().failed() && !part.isDurable())) {
            known.remove(mark);
            return List.of();
        }
        return found.owed();
    }

    /** The chunk was taken. */
    public synchronized void add(Mark mark, List<Owed> owed) {
        add(mark, ++lastRank, owed);
    }

    /**
     * A chunk that was taken before the process was started.
     *
     * @param stored what {@link Chunk#mark} was
     * @param where to wait for; {@code offset} is that of the chunk's last event there
     */
    public synchronized void recall(byte[] stored, Watermark where, long offset) {
        if (most > 0) {
            ByteBuffer bytes = ByteBuffer.wrap(stored);
            Mark mark = new Mark(bytes.getLong(), bytes.getLong());
            long rank = bytes.getLong();
            lastRank = Math.max(lastRank, rank);
            add(mark, rank, List.of(new Owed(where, offset)));
        }
    }

    private void add(Mark mark, long rank, List<Owed> owed) {
        Known added = new Known(mark, rank, List.copyOf(owed));
        known.put(mark, added);
        oldestFirst.add(added);
        while (oldestFirst.size() > most) {
            Known oldest = oldestFirst.remove();
            known.remove(oldest.mark(), oldest);
        }
    }
}
