package io.penstock.agent.ingest;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;

/** What the key {@code ack} of a source means. Stateless. */
public final class Acknowledged {
    private Acknowledged() {}

    /** The watermark that an acknowledgement of events in {@code spool} waits for. */
    public static Watermark by(AckMode ack, Spool spool) {
        return switch (ack) {
            case MEMORY -> Watermark.IMMEDIATE;
            case DURABLE -> spool.durable();
            case DELIVERED -> spool.delivered();
        };
    }
}
