package io.penstock.delivery.spool;

import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.journal.EntryBlock;

/** The spool of one stream, as sources see it. Thread-safe; no method blocks. */
public interface Spool {
    /** Append refused for now: {@link #whenRoom} signals when to try again. */
    long FULL = -1;

    /** Append refused for good: the spool has failed or is closing. */
    long FAILED = -2;

    /** Accepted and dropped, because of {@code when-full: drop-newest}; counted. */
    long DROPPED = -3;

    /** Append refused for good: the block is larger than a spool can ever take. Smaller blocks are accepted. */
    long TOO_LARGE = -4;

    /** The target's name and the stream's. */
    StreamId stream();

    /**
     * Appends the block's events (each encoded by {@link SpooledRecord}) as a unit.
     *
     * @return the offset of the last event, to be compared with a watermark: it has passed once {@code end() > offset};
     *     or {@link #FULL}, {@link #FAILED}, {@link #DROPPED}, {@link #TOO_LARGE}
     */
    long append(EntryBlock block);

    /**
     * The first half of {@link #append}, for {@link JointAppend}: takes room for the block, which does not change until
     * the claim is stored or withdrawn.
     */
    SpoolClaim claim(EntryBlock block);

    /**
     * False if a block of {@code bytes} bytes would get {@link #FULL} now, for want of memory: then {@link #whenRoom}
     * signals when to try again. Cheap, so that a large block need not be encoded in vain. True promises nothing.
     */
    default boolean mayTake(int bytes) {
        return true;
    }

    /**
     * What an append would get now, as far as is known without one: {@link #FULL} until the spool is open, and from a
     * refused append until there is room; {@link #FAILED}; 0 otherwise.
     */
    default long refusal() {
        return 0;
    }

    /** The watermark of durable events. */
    Watermark durable();

    /** The watermark of delivered events. */
    Watermark delivered();

    /** Where delivered records are that asked for a receipt. */
    Receipts receipts();

    /** Signals when an append that got {@link #FULL} is worth another try. */
    Room whenRoom();
}
