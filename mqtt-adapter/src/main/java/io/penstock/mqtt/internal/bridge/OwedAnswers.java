package io.penstock.mqtt.internal.bridge;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.Refusal;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The answers that one connection owes its broker, sent in the order of the publishes once these are durable. They end
 * with the connection: another connection never sends them.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class OwedAnswers implements AckQueue.Answers<Optional<Refusal>> {
    /** A store has failed, so what it holds is never acknowledged. */
    static final class StoreFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoreFailedException() {
            super("a store failed", null, false, false);
        }
    }

    private static final int PUBACK = 0;
    private static final int PUBREC = 1;
    private static final int PUBCOMP = 2;
    private static final int PUBCOMP_UNKNOWN = 3;
    private static final int NOTHING = 4;

    /** Publishes that arrived at the same time. */
    private static final class Arrival {
        private final long nanos;
        private int owed;

        Arrival(long nanos) {
            this.nanos = nanos;
        }
    }

    private final Outbox outbox;
    private final AckQueue<Optional<Refusal>> owed;
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();
    private long sent;

    /** @param due runs when answers are due; must call {@link #settle} */
    OwedAnswers(Outbox outbox, EventExecutor loop, Runnable due) {
        this.outbox = outbox;
        this.owed = new AckQueue<>(loop, this, due);
    }

    int size() {
        return owed.size();
    }

    /** PUBACKs and PUBRECs that were sent. */
    long sent() {
        return sent;
    }

    /** When the oldest publish arrived whose answer is owed; {@code otherwise} if none is. */
    long oldest(long otherwise) {
        Arrival first = arrivals.peek();
        return first == null ? otherwise : first.nanos;
    }

    /** A publish of QoS 1 or 2 is acknowledged once {@code where} has passed {@code offset}. */
    void publish(int qos, int packetId, Watermark where, long offset, Optional<Refusal> refusal, long now) {
        add((qos == 1 ? PUBACK : PUBREC) << 16 | packetId, where, offset, refusal, now);
    }

    /** A PUBREL is answered once {@code where} has passed {@code offset}. */
    void complete(int packetId, boolean known, Watermark where, long offset, long now) {
        add((known ? PUBCOMP : PUBCOMP_UNKNOWN) << 16 | packetId, where, offset, Optional.empty(), now);
    }

    /** What is owed later waits for this too. */
    void await(Watermark where, long offset, long now) {
        add(NOTHING << 16, where, offset, Optional.empty(), now);
    }

    private void add(int tag, Watermark where, long offset, Optional<Refusal> refusal, long now) {
        Arrival last = arrivals.peekLast();
        if (last == null || last.nanos != now) {
            last = new Arrival(now);
            arrivals.add(last);
        }
        last.owed++;
        owed.add(where, offset, tag, refusal);
    }

    /** Writes the due answers into the outbox. */
    void settle() {
        owed.settle();
    }

    @Override
    public void passed(int tag, Optional<Refusal> refusal) {
        answered();
        int packetId = tag & 0xFFFF;
        switch (tag >>> 16) {
            case PUBACK -> {
                sent++;
                if (refusal.isPresent()) {
                    outbox.pubackRefusal(packetId, refusal.get());
                } else {
                    outbox.puback(packetId);
                }
            }
            case PUBREC -> {
                sent++;
                if (refusal.isPresent()) {
                    outbox.pubrecRefusal(packetId, refusal.get());
                } else {
                    outbox.pubrec(packetId);
                }
            }
            case PUBCOMP -> outbox.pubcomp(packetId);
            case PUBCOMP_UNKNOWN ->
                outbox.pubcompUnknown(packetId, 0x92, "no publish with this packet identifier is known");
            default -> {}
        }
    }

    @Override
    public void lost(int tag, Optional<Refusal> refusal) {
        answered();
        throw new StoreFailedException();
    }

    private void answered() {
        Arrival first = arrivals.element();
        if (--first.owed == 0) {
            arrivals.remove();
        }
    }

    /** The connection has ended. */
    void close() {
        owed.clear();
        arrivals.clear();
    }
}
