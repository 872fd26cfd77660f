package io.penstock.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An append-only log of entries with consecutive offsets, durable in groups.
 *
 * <p>Any thread appends; one writer at a time writes and forces; {@link LogListener#durable} tells when. Nothing here
 * blocks but {@link #close()}.
 */
public interface DurableLog extends AutoCloseable {
    /** Append refused for a moment: both buffers are taken; {@link LogListener#room()} follows. */
    long BUSY = -1;

    /**
     * Append refused: the log has reached its bytes, or the disk its reserve; {@link LogListener#room()} follows once
     * there is room.
     */
    long FULL = -2;

    /** Append refused for good: the log is closed or poisoned. */
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

    /** Offsets below this one are durable. */
    long durableEnd();

    /** The first offset that is still held. */
    long startOffset();

    /** The offset that the next append gets. */
    long endOffset();

    /** Disk taken by the segments that hold entries. */
    long sizeBytes();

    /**
     * Why the disk has no room for this log: it is full, over quota, or down to the reserve. Empty while there is room,
     * and when the log's own bytes are the limit.
     */
    Optional<String> diskShortage();

    /** Lets go of everything below {@code offset}; whole segments are recycled. */
    void truncateBefore(long offset);

    LogReader reader();

    /** What recovery found damaged when the log was opened, and what reads found since. */
    List<DamagedRange> damage();

    /** Makes what was appended durable, writes the clean-stop mark, releases the files. Waits for that. */
    @Override
    void close() throws IOException;
}
