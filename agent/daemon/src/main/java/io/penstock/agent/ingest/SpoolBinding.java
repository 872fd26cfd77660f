package io.penstock.agent.ingest;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;

/**
 * A spool as a source uses it.
 *
 * @param acknowledged what an acknowledgement of events in the spool waits for, as the source's key {@code ack} says
 */
public record SpoolBinding(Spool spool, Watermark acknowledged) {
    public static SpoolBinding of(Spool spool, AckMode ack) {
        return new SpoolBinding(
                spool,
                switch (ack) {
                    case MEMORY -> Watermark.IMMEDIATE;
                    case DURABLE -> spool.durable();
                    case DELIVERED -> spool.delivered();
                });
    }

    /** The stream's name. */
    public String stream() {
        return spool.stream().stream();
    }
}
