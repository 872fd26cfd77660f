package io.penstock.delivery.sender.status;

import io.penstock.delivery.spool.StreamId;

/** Learns how long records were under way. Any thread; must not block. */
public interface DelayListener {
    DelayListener NONE = new DelayListener() {
        @Override
        public long stamp() {
            return 0;
        }

        @Override
        public void delivered(StreamId stream, long millis) {}
    };

    /** Now, on the clock by which the spools date their records: milliseconds. */
    long stamp();

    /**
     * The stream has the records of a call.
     *
     * @param millis since the oldest of them was accepted
     */
    void delivered(StreamId stream, long millis);
}
