package io.penstock.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An append-only log of entries with consecutive offsets, made durable in batches.
 *
 * <p>Any thread may append. One writer at a time writes and forces; {@link LogListener#durable} reports the durable
 * end. Only {@link #close()} blocks.
 */
public interface DurableLog extends AutoCloseable {
    /** Append refused for a moment: both buffers are in use; {@link LogListener#room()} follows. */
    long BUSY = -1;

    /**
     * Append refused: the log has reached its size limit, or the disk its reserve; {@link LogListener#room()} follows
     * once there is room.
     */
    long FULL = -2;

    /** Append refused for good: the log is closed, or has failed. */
    long CLOSED = -3;

    /** Append refused for good: the block is larger than this log can ever take. */
    long TOO_LARGE = -4;

    /**
     * Copies the block's entries into the log's buffer.
     *
     * @return the offset of the first entry, the others following consecutively; or {@link #BUSY}, {@link #FULL},
     *     {@link #CLOSED}, {@link #TOO_LARGE}
     */
    long append(EntryBlock block);

    /**
     * The first half of {@link #append}: gives the block its offsets and its room, and copies nothing. So a block can be
     * appended to several logs or to none: first all claims, then {@link Claim#fill} for each, with entries that say of
     * themselves that they do not count if one of the logs refused.
     */
    Claim claim(EntryBlock block);

    /**
     * False if an append of a block of {@code bytes} bytes would be refused with {@link #BUSY} now; the listener is told
     * of room as after that refusal. Cheap, so that a large block need not be encoded in vain. True promises nothing.
     */
    default boolean mayTake(int bytes) {
        return true;
    }

    /** Offsets below this one are durable. */
    long durableEnd();

    /** The first offset that is still held. */
    long startOffset();

    /** The offset that the next append gets. */
    long endOffset();

    /** Disk space of the segments that hold entries, in bytes. */
    long sizeBytes();

    /**
     * Why the disk has no room for this log: it is full, over quota, or down to the reserve. Empty while there is room,
     * and when the log's own size limit is the cause.
     */
    Optional<String> diskShortage();

    /** Releases all entries below {@code offset}. Disk space is freed in whole segments. */
    void truncateBefore(long offset);

    LogReader reader();

    /** The damage that recovery found when the log was opened, and that reads have found since. */
    List<DamagedRange> damage();

    /** Makes the appended entries durable, writes the clean-stop mark, and closes the files. Blocks until then. */
    @Override
    void close() throws IOException;
}
