package io.penstock.mqtt.internal.publish;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one client its acknowledgements when they are due, in the order of the publishes [MQTT-4.6.0-2, MQTT-4.6.0-3],
 * also when these go to several stores; and PINGRESPs after the QoS 0 publishes before them. A QoS 0 publish has no
 * acknowledgement but takes a place in the queue too; consecutive ones of one store share an entry.
 *
 * <p>Bounded by the limits' {@code maxInFlight} and by memory. A failed store ends the connection: publishes that are not
 * durable are never acknowledged.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Acknowledgements implements AckQueue.Answers<Optional<Refusal>> {
    private enum Kind {
        NOTHING,
        PUBACK,
        PUBREC,
        /** As soon as the release is durable. */
        PUBCOMP,
        RELEASED,
        UNKNOWN,
        PINGRESP;

        /** The tag of an entry: its kind and its packet identifier. */
        int tag(int packetId) {
            return ordinal() << 16 | packetId;
        }
    }

    private static final Kind[] KINDS = Kind.values();

    /** The number of places that are not counted as memory. */
    private static final int FREE = 64;

    /** Heap of one place, including what a session remembers of its publish. */
    private static final int SLOT_BYTES = 72;

    private final Outbox outbox;
    private final EventExecutor executor;
    private final Duration pingDelay;
    private final MqttEvents events;
    private final AckQueue<Optional<Refusal>> owed;
    /** PUBCOMPs that wait until the session has written the release down; no publish waits behind them. */
    private final AckQueue<Optional<Refusal>> completions;

    private final Supplier<Session.Written> written;
    private final int most;
    private final Holding memory;
    private boolean noMemory;
    private int qos0;
    private int pings;
    private long pingsSince;
    private @Nullable Future<?> pingTimer;

    /**
     * @param memory accounts for the places beyond the free ones
     * @param written what all that the session has written waits for
     * @param advanced runs when a store has made publishes durable; must call {@link #settle}
     */
    Acknowledgements(
            Outbox outbox,
            EventExecutor executor,
            MqttLimits limits,
            MqttEvents events,
            Holding memory,
            Supplier<Session.Written> written,
            Runnable advanced) {
        this.outbox = outbox;
        this.executor = executor;
        this.pingDelay = limits.times().pingDelay();
        this.events = events;
        this.owed = new AckQueue<>(executor, this, advanced);
        this.completions = new AckQueue<>(executor, this, advanced);
        this.written = written;
        this.most = limits.packets().maxInFlight();
        this.memory = memory;
    }

    /** True if no further acknowledgement may become pending. */
    boolean isFull() {
        return owed.size() + completions.size() >= most || noMemory && owed.size() >= owed.slots();
    }

    boolean isEmpty() {
        return owed.isEmpty() && completions.isEmpty();
    }

    /** Adds the acknowledgement of a publish of this QoS, due once {@code where} has passed {@code offset}. */
    void owe(int qos, int packetId, Watermark where, long offset) {
        if (qos == 0) {
            if (where != Watermark.IMMEDIATE && !owed.join(where, offset, Kind.NOTHING.tag(0))) {
                qos0++;
                add(where, offset, Kind.NOTHING.tag(0), Optional.empty());
            }
        } else {
            add(where, offset, (qos == 1 ? Kind.PUBACK : Kind.PUBREC).tag(packetId), Optional.empty());
        }
    }

    /** Adds a PUBREC for a repeated publish. */
    void oweAgain(int packetId, Session.Taken taken) {
        add(taken.where(), taken.offset(), Kind.PUBREC.tag(packetId), Optional.empty());
    }

    /** Adds a refusal. */
    void oweRefusal(int qos, int packetId, Refusal refusal) {
        int tag = (qos == 1 ? Kind.PUBACK : Kind.PUBREC).tag(packetId);
        add(Watermark.IMMEDIATE, 0, tag, Optional.of(refusal));
    }

    private void add(Watermark where, long offset, int tag, Optional<Refusal> refusal) {
        if (noMemory && owed.size() == owed.slots()) {
            memory.is(memory.bytes() + ringBytes());
        }
        owed.add(where, offset, tag, refusal);
        // Checks the memory for the next growth now: the next publish must find a place, or wait.
        int size = owed.size();
        boolean grows = size == owed.slots() && size < most && size >= FREE;
        noMemory = grows && !memory.tryAdd(ringBytes());
        if (grows && !noMemory) {
            owed.grow();
        }
    }

    private long ringBytes() {
        return (long) owed.slots() * SLOT_BYTES;
    }

    /**
     * Answers PUBREL. Its PUBREC was sent when the publish was durable. If the session survives a restart, the answer
     * waits until the release is durable: after it the client may use the identifier for another publish, which must
     * not be taken for a repetition of the old one.
     */
    void complete(int packetId, Session.Taken taken) {
        if (taken.isDurable()) {
            complete(Kind.RELEASED, packetId);
        } else {
            // A PUBREL before its PUBREC breaks the protocol, but the answer must still wait until the publish is
            // durable.
            add(taken.where(), taken.offset(), Kind.PUBCOMP.tag(packetId), Optional.empty());
        }
    }

    /**
     * Answers PUBREL for an identifier that is free. Its release may have been asked for before, and be under way.
     *
     * @param expected true if the client may well not know of its release
     */
    void completeUnknown(int packetId, boolean expected) {
        complete(expected ? Kind.RELEASED : Kind.UNKNOWN, packetId);
    }

    private void complete(Kind kind, int packetId) {
        Session.Written due = written.get();
        if (completions.isEmpty() && due.isDurable()) {
            passed(kind.tag(packetId), Optional.empty());
            return;
        }
        if (completions.size() == completions.slots() && completions.size() >= FREE) {
            memory.is(memory.bytes() + (long) completions.slots() * SLOT_BYTES);
        }
        completions.add(due.where(), due.offset(), kind.tag(packetId), Optional.empty());
    }

    /** Answers PINGREQ, after the QoS 0 publishes before it. */
    void ping() {
        if (qos0 == 0) {
            outbox.pingresp();
            return;
        }
        add(Watermark.IMMEDIATE, 0, Kind.PINGRESP.tag(0), Optional.empty());
        pings++;
        if (pingTimer == null) {
            pingsSince = executor.ticker().nanoTime();
            pingTimer = executor.schedule(this::pingDue, pingDelay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pingDue() {
        int due = owed.retag(Kind.PINGRESP.tag(0), Kind.NOTHING.tag(0));
        qos0 += due;
        for (int i = 0; i < due; i++) {
            answerPing();
        }
        outbox.flush();
    }

    private void answerPing() {
        outbox.pingresp();
        events.pingDelayed(Duration.ofNanos(executor.ticker().nanoTime() - pingsSince));
        if (--pings == 0) {
            stopPingTimer();
        }
    }

    private void stopPingTimer() {
        Future<?> timer = pingTimer;
        if (timer != null) {
            timer.cancel(false);
            pingTimer = null;
        }
    }

    /** Writes the due answers into the outbox, and arranges a call of {@code advanced} for the rest. */
    void settle() {
        owed.settle();
        completions.settle();
        if (owed.slots() == 0 && completions.slots() == 0) {
            memory.release();
        }
    }

    @Override
    public void passed(int tag, Optional<Refusal> refusal) {
        int packetId = tag & 0xFFFF;
        switch (KINDS[tag >>> 16]) {
            case NOTHING -> qos0--;
            case PINGRESP -> answerPing();
            case PUBACK -> {
                if (refusal.isEmpty()) {
                    outbox.puback(packetId);
                } else {
                    outbox.pubackRefusal(packetId, refusal.get());
                }
            }
            case PUBREC -> {
                if (refusal.isEmpty()) {
                    outbox.pubrec(packetId);
                } else {
                    outbox.pubrecRefusal(packetId, refusal.get());
                }
            }
            case PUBCOMP -> complete(Kind.RELEASED, packetId);
            case RELEASED -> outbox.pubcomp(packetId);
            case UNKNOWN -> outbox.pubcompUnknown(packetId, 0x92, "no publish with this packet identifier is known");
        }
    }

    @Override
    public void lost(int tag, Optional<Refusal> refusal) {
        throw PacketException.of(
                Rejection.STORE_FAILED, 0x83, "the server's store failed; what was not acknowledged is not kept");
    }

    /** Drops the pending answers, because the connection has ended. */
    void close() {
        owed.clear();
        completions.clear();
        qos0 = 0;
        noMemory = false;
        memory.release();
        stopPingTimer();
    }
}
