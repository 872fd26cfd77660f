package io.penstock.agent.ingest;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;

/** When a source acknowledges an event. */
public enum AckMode {
    /** Once it is written and fdatasync'ed. */
    DURABLE,
    /** As soon as it is in memory: a crash loses what was acknowledged and not yet written. */
    MEMORY,
    /** Once its stream has it. */
    DELIVERED;

    /** What an acknowledgement of events in this spool waits for. */
    public Watermark of(Spool spool) {
        return switch (this) {
            case MEMORY -> Watermark.IMMEDIATE;
            case DURABLE -> spool.durable();
            case DELIVERED -> spool.delivered();
        };
    }
}
