package io.penstock.agent.sessions;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import org.jspecify.annotations.Nullable;

/** What the session log knows of one stream's spool. Any thread. */
final class StreamState {
    /** In the log's operations. */
    final int number;

    final StreamId id;

    /** Null until the spool is there. */
    volatile @Nullable Spool spool;

    /** What an acknowledgement of its records waits for. */
    volatile Watermark acknowledged = Watermark.IMMEDIATE;

    /** Set before the first mark is appended: from then on the spool must not lose what {@link #storedBelow} leaves. */
    volatile boolean marked;

    /** The marks of all records below this offset are durable in the session log. */
    volatile long storedBelow;

    StreamState(int number, StreamId id, long storedBelow) {
        this.number = number;
        this.id = id;
        this.storedBelow = storedBelow;
    }
}
