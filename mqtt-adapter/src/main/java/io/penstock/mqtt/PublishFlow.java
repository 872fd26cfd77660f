package io.penstock.mqtt;

import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of one admitted client: hands each to the handler, remembers what is owed for it, and acknowledges when
 * its store has it, in the order of arrival. The connection's event loop only; bounded by the limits' {@code maxOwed} and
 * the packet identifiers. A failed store ends the connection: nothing of it is acknowledged.
 */
final class PublishFlow {
    /** What the flow needs of its connection. On the event loop. */
    interface Owner {
        /** A store has advanced: settle. */
        void advanced();

        /** A publish that found no room is worth another try. */
        void roomAgain();

        /** A PINGRESP has waited long enough. */
        void pingDue();
    }

    private final Client client;
    private final Session session;
    private final Outbox outbox;
    private final Shared shared;
    private final EventExecutor executor;
    private final Owner owner;
    private final InboundPublish publish;
    private final Outcome outcome = new Outcome();
    private final Owed owed;
    private final int receiveMaximum;
    private final Runnable onAdvance = this::onAdvance;
    private final Runnable onRoom = this::onRoom;
    private final Tally tally;
    private int inFlight;
    private @Nullable Durability armedOn;
    private boolean awaitsRoom;
    private int pings;
    private long pingsSince;
    private @Nullable Future<?> pingTimer;

    PublishFlow(Client client, Session session, Outbox outbox, EventExecutor executor, Owner owner, Shared shared) {
        this.client = client;
        this.session = session;
        this.outbox = outbox;
        this.shared = shared;
        this.executor = executor;
        this.owner = owner;
        this.publish = new InboundPublish(client, shared.limits());
        this.owed = new Owed(shared.limits().maxOwed());
        this.receiveMaximum = shared.limits().receiveMaximum();
        this.tally = new Tally(shared.reporter().events());
    }

    /** Whether packets must wait: for room, or until less is owed. */
    boolean isHeld() {
        return awaitsRoom || owed.isFull();
    }

    /** Whether nothing is owed. */
    boolean isSettled() {
        return owed.isEmpty();
    }

    /** Takes the PUBLISH that the inbox is at; false if there is no room for it, and it stays there. */
    boolean take(Inbox inbox) {
        publish.parse(inbox.bytes(), inbox.first() & 0x0F, inbox.bodyStart(), inbox.bodyEnd());
        int qos = publish.qos();
        if (qos == 2) {
            Session.Taken before = session.taken(publish.packetId());
            if (before != null) {
                shared.reporter().events().duplicate();
                owed.add(Owed.Kind.PUBREC, publish.packetId(), before.where(), before.offset());
                return true;
            }
        }
        if (qos > 0 && client.speaks5() && inFlight >= receiveMaximum) {
            throw PacketException.of(
                    Rejection.RECEIVE_MAXIMUM_EXCEEDED,
                    0x93,
                    "PUBLISH: more than the announced receive maximum of " + receiveMaximum + " unacknowledged");
        }
        hand();
        return settleOutcome(qos);
    }

    private void hand() {
        outcome.reset();
        try {
            shared.handler().onPublish(publish, outcome);
        } catch (RuntimeException bug) {
            shared.reporter().handlerFailed(client.address(), bug);
            throw handlerFailed();
        } finally {
            publish.clear();
        }
        if (outcome.kind() == Outcome.Kind.EMPTY) {
            shared.reporter()
                    .handlerFailed(client.address(), new IllegalStateException("the handler left the receipt empty"));
            throw handlerFailed();
        }
    }

    private static PacketException handlerFailed() {
        return PacketException.of(
                Rejection.HANDLER_FAILED, 0x83, "PUBLISH: the server could not handle it; its log says why");
    }

    private boolean settleOutcome(int qos) {
        switch (outcome.kind()) {
            case NO_ROOM -> {
                awaitsRoom = true;
                outcome.room().onRoom(executor, onRoom);
                return false;
            }
            case STORED -> owe(qos, Objects.requireNonNull(outcome.where()), outcome.offset());
            case REFUSED -> refuse(qos, outcome.refusal());
            default -> owe(qos, null, 0);
        }
        tally.add(qos, publish.payloadLength());
        return true;
    }

    private void owe(int qos, @Nullable Durability where, long offset) {
        int packetId = publish.packetId();
        switch (qos) {
            case 0 -> {
                if (where != null) {
                    owed.add(Owed.Kind.NOTHING, 0, where, offset);
                }
            }
            case 1 -> {
                inFlight++;
                owed.add(Owed.Kind.PUBACK, packetId, where, offset);
            }
            default -> {
                inFlight++;
                session.take(packetId, where == null ? Session.Taken.ALREADY : new Session.Taken(where, offset));
                owed.add(Owed.Kind.PUBREC, packetId, where, offset);
            }
        }
    }

    private void refuse(int qos, Refusal refusal) {
        shared.reporter().events().refused(refusal.reason());
        if (client.speaks5() && qos > 0) {
            inFlight++;
            owed.addRefusal(qos == 1 ? Owed.Kind.PUBACK : Owed.Kind.PUBREC, publish.packetId(), refusal);
        } else {
            owe(qos, null, 0);
        }
    }

    /** The client released a QoS 2 publish. */
    void release(int packetId) {
        Session.Taken taken = session.release(packetId);
        if (taken != null && !taken.isDurable()) {
            // Before its PUBREC: no client may do that, but no answer may say more than what is durable.
            owed.add(Owed.Kind.PUBCOMP, packetId, taken.where(), taken.offset());
        } else if (taken != null) {
            answered();
            outbox.pubcomp(packetId);
        } else if (client.speaks5()) {
            outbox.reasoned(MqttMessageType.PUBCOMP, packetId, 0x92, "no publish with this packet identifier is known");
        } else {
            outbox.pubcomp(packetId);
        }
    }

    private void answered() {
        if (inFlight > 0) {
            inFlight--;
        }
    }

    /** Answers a PINGREQ, after the QoS 0 publishes before it. */
    void ping() {
        if (!owed.awaitsQos0()) {
            outbox.pingresp();
            return;
        }
        owed.add(Owed.Kind.PINGRESP, 0, null, 0);
        pings++;
        if (pingTimer == null) {
            pingsSince = executor.ticker().nanoTime();
            long delay = shared.limits().pingDelay().toMillis();
            pingTimer = executor.schedule(this::pingDue, delay, TimeUnit.MILLISECONDS);
        }
    }

    private void pingDue() {
        int due = owed.takePings();
        for (int i = 0; i < due; i++) {
            answerPing();
        }
        owner.pingDue();
    }

    private void answerPing() {
        outbox.pingresp();
        shared.reporter()
                .events()
                .pingDelayed(Duration.ofNanos(executor.ticker().nanoTime() - pingsSince));
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
        Durability head = owed.isEmpty() ? null : owed.headDurability();
        while (head != null && head != armedOn) {
            armedOn = head;
            head.onAdvance(executor, onAdvance);
            // It may have advanced before it was asked to tell.
            popDue();
            head = owed.isEmpty() ? null : owed.headDurability();
        }
    }

    private void popDue() {
        Durability current = null;
        long end = 0;
        while (!owed.isEmpty()) {
            Durability where = owed.headDurability();
            if (where != null) {
                if (where != current) {
                    current = where;
                    end = where.end();
                }
                if (end <= owed.headOffset()) {
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
            }
            answerHead();
            owed.pop();
        }
    }

    private void answerHead() {
        Refusal refusal = owed.headRefusal();
        int packetId = owed.headPacketId();
        switch (owed.headKind()) {
            case NOTHING -> {}
            case PINGRESP -> answerPing();
            case PUBACK -> {
                answered();
                if (refusal == null) {
                    outbox.puback(packetId);
                } else {
                    outbox.refusal(MqttMessageType.PUBACK, packetId, refusal);
                }
            }
            case PUBCOMP -> {
                answered();
                outbox.pubcomp(packetId);
            }
            case PUBREC -> {
                if (refusal == null) {
                    outbox.pubrec(packetId);
                } else {
                    answered();
                    outbox.refusal(MqttMessageType.PUBREC, packetId, refusal);
                }
            }
        }
    }

    private void onAdvance() {
        armedOn = null;
        owner.advanced();
    }

    private void onRoom() {
        awaitsRoom = false;
        owner.roomAgain();
    }

    /** Tells the counters what came since the last call, and whether {@code inboxBytes} are held. */
    void report(int inboxBytes) {
        tally.report(awaitsRoom, inboxBytes);
    }

    /** Forgets what is owed: the connection is gone. */
    void close() {
        owed.clear();
        tally.report(false, 0);
        stopPingTimer();
    }
}
