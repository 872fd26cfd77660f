package io.penstock.delivery.spool;

import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.journal.EntryBlock;

/** The spool of one stream, as sources see it. Thread-safe; nothing here blocks. */
public interface Spool {
    /** Refused for now: {@link #whenRoom} tells when to try again. */
    long FULL = -1;

    /** Refused for good: the spool failed or is closing. */
    long FAILED = -2;

    /** Taken and dropped, as {@code when-full: drop-newest} says; counted. */
    long DROPPED = -3;

    /** Refused for good: the block is larger than a spool can ever take; smaller ones are welcome. */
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

    /** What is on disk. */
    Watermark durable();

    /** What the stream has. */
    Watermark delivered();

    /** Tells when an append that got {@link #FULL} is worth another try. */
    Room whenRoom();
}
