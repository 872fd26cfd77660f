package io.penstock.mqtt.internal.publish;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.LoopWaits;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.context.Wait;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives one client its acknowledgements when they are due, in order, and its PINGRESPs after the QoS 0 publishes before
 * them. The connection's event loop only; bounded by the limits' {@code maxOwed}. A failed store ends the connection:
 * what it has not made durable is never acknowledged.
 */
final class Acknowledgements {
    private final Outbox outbox;
    private final EventExecutor executor;
    private final Duration pingDelay;
    private final MqttEvents events;
    private final Owed owed;
    private final LoopWaits waits;
    private final Wait advance;
    private int inFlight;
    private int pings;
    private long pingsSince;
    private @Nullable Future<?> pingTimer;

    /** @param advanced is run when a store that something waits for has advanced: settle */
    Acknowledgements(Outbox outbox, EventExecutor executor, ServerContext context, Runnable advanced) {
        this.outbox = outbox;
        this.executor = executor;
        this.pingDelay = context.limits().pingDelay();
        this.events = context.reporter().events();
        this.owed = new Owed(context.limits().maxOwed(), context.memory().holding(ClientMemory.Use.STATE));
        this.waits = context.waits().of(executor);
        this.advance = new Wait(advanced);
    }

    /** Publishes with QoS 1 and 2 that the client has no last answer to: what a receive maximum counts. */
    int inFlight() {
        return inFlight;
    }

    /** Whether no more may be owed. */
    boolean isFull() {
        return owed.isFull();
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }

    /** Owes what a publish of this QoS is owed, once {@code where} has passed {@code offset}; null: at once. */
    void owe(int qos, int packetId, @Nullable Watermark where, long offset) {
        if (qos == 0) {
            if (where != null) {
                owed.add(Owed.Kind.NOTHING, 0, where, offset);
            }
        } else {
            inFlight++;
            owed.add(qos == 1 ? Owed.Kind.PUBACK : Owed.Kind.PUBREC, packetId, where, offset);
        }
    }

    /** Owes PUBREC for a repeated publish, which is in flight already. */
    void oweAgain(int packetId, Session.Taken taken) {
        owed.add(Owed.Kind.PUBREC, packetId, taken.where(), taken.offset());
    }

    /** Owes a refusal. */
    void oweRefusal(int qos, int packetId, Refusal refusal) {
        inFlight++;
        owed.addRefusal(qos == 1 ? Owed.Kind.PUBACK : Owed.Kind.PUBREC, packetId, refusal);
    }

    /** Answers PUBREL: at once, as its PUBREC was sent when the publish was durable. */
    void complete(int packetId, Session.Taken taken) {
        if (taken.isDurable()) {
            answered();
            outbox.pubcomp(packetId);
        } else {
            // Before its PUBREC: no client may do that, but no answer may say more than what is durable.
            owed.add(Owed.Kind.PUBCOMP, packetId, taken.where(), taken.offset());
        }
    }

    private void answered() {
        if (inFlight > 0) {
            inFlight--;
        }
    }

    /** Answers PINGREQ, after the QoS 0 publishes before it. */
    void ping() {
        if (!owed.awaitsQos0()) {
            outbox.pingresp();
            return;
        }
        owed.add(Owed.Kind.PINGRESP, 0, null, 0);
        pings++;
        if (pingTimer == null) {
            pingsSince = executor.ticker().nanoTime();
            pingTimer = executor.schedule(this::pingDue, pingDelay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pingDue() {
        int due = owed.takePings();
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

    /** Puts into the outbox what has become due, and asks to be told of the rest. */
    void settle() {
        popDue();
        Watermark head = owed.isEmpty() ? null : owed.headDurability();
        Watermark asked = null;
        while (head != null && head != asked) {
            asked = head;
            waits.forAdvance(head, advance);
            // It may have advanced before it was asked to tell.
            popDue();
            head = owed.isEmpty() ? null : owed.headDurability();
        }
        if (head == null) {
            advance.cancel();
        }
    }

    private void popDue() {
        Watermark current = null;
        long end = 0;
        while (!owed.isEmpty()) {
            Watermark where = owed.headDurability();
            if (where != null && where != current) {
                current = where;
                end = where.end();
            }
            if (where != null && end <= owed.headOffset()) {
                if (!where.failed()) {
                    return;
                }
                end = where.end();
                if (end <= owed.headOffset()) {
                    throw PacketException.of(
                            Rejection.STORE_FAILED,
                            0x83,
                            "the server's store failed; what was not acknowledged is not kept");
                }
            }
            answerHead();
            owed.pop();
        }
    }

    private void answerHead() {
        int packetId = owed.headPacketId();
        Refusal refusal = owed.headRefusal();
        switch (owed.headKind()) {
            case NOTHING -> {}
            case PINGRESP -> answerPing();
            case PUBACK -> {
                answered();
                if (refusal == null) {
                    outbox.puback(packetId);
                } else {
                    outbox.pubackRefusal(packetId, refusal);
                }
            }
            case PUBREC -> {
                if (refusal == null) {
                    outbox.pubrec(packetId);
                } else {
                    answered();
                    outbox.pubrecRefusal(packetId, refusal);
                }
            }
            case PUBCOMP -> {
                answered();
                outbox.pubcomp(packetId);
            }
        }
    }

    /** Forgets what is owed: the connection is gone. */
    void close() {
        owed.clear();
        advance.cancel();
        stopPingTimer();
    }
}
