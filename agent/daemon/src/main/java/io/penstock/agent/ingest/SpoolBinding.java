package io.penstock.agent.ingest;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;

/**
 * A spool as a source uses it.
 *
 * @param ack the source's key
 */
public record SpoolBinding(Spool spool, AckChoice ack) {
    /** What an acknowledgement of events that are appended now waits for. */
    public Watermark acknowledged() {
        return ack.mode().of(spool);
    }

    /** The stream's name. */
    public String stream() {
        return spool.stream().stream();
    }
}
