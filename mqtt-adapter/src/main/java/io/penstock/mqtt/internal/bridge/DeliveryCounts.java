package io.penstock.mqtt.internal.bridge;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.RefusalReason;
import io.penstock.mqtt.internal.wire.InboundPublish;

/** Counts the publishes of one connection, and tells the listener once per turn. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class DeliveryCounts {
    private static final int LEVELS = 3;

    private final Tally tally;
    private final BridgeReporter reporter;
    private final int[] counts = new int[LEVELS];
    private final long[] bytes = new long[LEVELS];
    private long acknowledged;
    private boolean held;

    DeliveryCounts(Tally tally, BridgeReporter reporter) {
        this.tally = tally;
        this.reporter = reporter;
    }

    /** The handler has taken the publish. */
    void count(InboundPublish publish, Offer offer) {
        tally.received++;
        tally.bytes += publish.payloadLength();
        counts[publish.qos()]++;
        bytes[publish.qos()] += publish.payloadLength();
        if (publish.dup()) {
            tally.redelivered++;
        }
        if (offer instanceof Offer.TooLarge) {
            tally.tooLarge++;
        }
    }

    void refused(RefusalReason reason) {
        tally.refusals++;
        reporter.tell(to -> to.refused(reason));
    }

    /**
     * Once per turn.
     *
     * @param sent acknowledgements that the connection has sent
     * @param held true if packets must wait for room
     */
    void report(long sent, boolean held) {
        for (int qos = 0; qos < LEVELS; qos++) {
            if (counts[qos] > 0) {
                int level = qos;
                int count = counts[qos];
                long size = bytes[qos];
                reporter.tell(to -> to.published(level, count, size));
                counts[qos] = 0;
                bytes[qos] = 0;
            }
        }
        tally.acknowledged += sent - acknowledged;
        acknowledged = sent;
        reportHeld(held);
    }

    private void reportHeld(boolean now) {
        if (now == held) {
            return;
        }
        held = now;
        reporter.tell(to -> {
            if (now) {
                to.heldBack();
            } else {
                to.released();
            }
        });
    }
}
