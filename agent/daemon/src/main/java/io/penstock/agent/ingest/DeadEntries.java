package io.penstock.agent.ingest;

import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import java.time.Duration;

/**
 * Where sources put what no record can be made of. Nothing here blocks: an acknowledgement waits for {@link #stored},
 * and where there is no room the source is held back. Thread-safe.
 */
public interface DeadEntries {
    /** There is no room at present. */
    long FULL = -1;

    /**
     * Has the entry written.
     *
     * @return its offset, which {@link #stored} passes once the entry is on disk; or {@link #FULL}
     */
    long put(DeadEntry entry);

    /** How far entries are on disk. */
    Watermark stored();

    /** Holds no entry: its source is held back for ever. */
    DeadEntries NOWHERE = new DeadEntries() {
        @Override
        public long put(DeadEntry entry) {
            return FULL;
        }

        @Override
        public Watermark stored() {
            throw new IllegalStateException("nothing is ever put here");
        }

        @Override
        public Room whenRoom() {
            return Room.after(Duration.ofDays(1));
        }
    };

    /** Tells when another try is worth while. */
    Room whenRoom();
}
