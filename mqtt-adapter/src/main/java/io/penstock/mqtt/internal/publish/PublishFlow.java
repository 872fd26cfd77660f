package io.penstock.mqtt.internal.publish;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.RefusalReason;
import io.penstock.mqtt.Rejection;
import io.penstock.mqtt.internal.context.ReusableReceipt;
import io.penstock.mqtt.internal.context.ServerContext;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.InboundPublish;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.Refusal;
import io.penstock.mqtt.internal.wire.TopicNames;
import io.penstock.mqtt.session.PublishMark;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of one admitted client: passes each to the handler, once, and adds its acknowledgement. While the store
 * has no room, too many acknowledgements are pending, or the client exceeds its rate, the flow {@link #isHeld}.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class PublishFlow {
    private static final int MEMORY_MILLIS = 500;

    /** The permission of a longer topic is not remembered. */
    private static final int LONGEST_KEPT = 1024;

    // For the session, which may outlive this connection.
    private final Session session;

    // For the connection.
    private final boolean resumed;
    private final Client client;
    private final Outbox outbox;
    private final EventExecutor executor;
    private final Runnable turn;
    private final ServerContext context;
    private final Holding topicMemory;
    private final Acknowledgements acknowledgements;
    private final Waiter room;
    private final Tally tally;
    private final Pace publishPace;
    private final Pace bytePace;

    // For the packet; the objects are reused.
    private final InboundPublish publish;
    private final ReusableReceipt receipt = new ReusableReceipt();

    // While packets must wait for the pace.
    private boolean awaitsPace;
    private @Nullable Future<?> paceTimer;

    // While the publish at the front waits for memory.
    private boolean awaitsMemory;
    private long awaitsMemorySince;

    /** The last topic that was permitted. */
    private @Nullable String permitted;

    private @Nullable Object permittedBy;

    /**
     * @param resumed true if the session is that of an earlier connection
     * @param turn runs when the flow can continue or has answers to send
     */
    public PublishFlow(
            Client client,
            Session session,
            boolean resumed,
            int aliasMaximum,
            Outbox outbox,
            EventExecutor executor,
            Runnable turn,
            ServerContext context) {
        this.client = client;
        this.session = session;
        this.resumed = resumed;
        this.outbox = outbox;
        this.executor = executor;
        this.turn = turn;
        this.context = context;
        this.topicMemory = context.memory().holding(ClientMemory.Use.STATE);
        this.publish = new InboundPublish(
                client, new TopicNames("PUBLISH: the topic name", context.limits(), aliasMaximum, topicMemory));
        this.acknowledgements = new Acknowledgements(
                outbox,
                executor,
                context.limits(),
                context.reporter().events(),
                context.memory().holding(ClientMemory.Use.STATE),
                session::written,
                turn);
        this.room = new Waiter(executor, turn);
        this.tally = new Tally(context.reporter().events(), client.address());
        long now = executor.ticker().nanoTime();
        this.publishPace = new Pace(context.limits().load().maxPublishesPerSecond(), now);
        this.bytePace = new Pace(context.limits().load().maxBytesPerSecond(), now);
    }

    /** True if packets must wait. */
    public boolean isHeld() {
        return room.isWaiting() || awaitsPace || acknowledgements.isFull();
    }

    /** True if no acknowledgement is pending. */
    public boolean isSettled() {
        return acknowledgements.isEmpty();
    }

    /** Writes the due answers into the outbox. */
    public void settle() {
        assert OwnerCheck.isOn(executor);
        acknowledgements.settle();
    }

    public void ping() {
        acknowledgements.ping();
    }

    /**
     * Processes the PUBLISH at the front of the inbox. Returns false if there is no room for it; then it stays there.
     */
    public boolean take(Inbox inbox) {
        assert OwnerCheck.isOn(executor);
        publish.parse(inbox.bytes(), inbox.first() & 0x0F, inbox.bodyStart(), inbox.bodyEnd());
        if (publish.qos() == 2) {
            Session.Taken before = session.taken(publish.packetId());
            if (before != null) {
                context.reporter().events().duplicate();
                acknowledgements.oweAgain(publish.packetId(), before);
                return true;
            }
        }
        if (publish.qos() == 2 && !(reserve() && mark())) {
            return false;
        }
        receipt.reset();
        if (isPermitted()) {
            callHandler();
        } else {
            forbid();
        }
        return applyReceipt(inbox.bodyLength());
    }

    /**
     * Returns false if there is no memory for a further unreleased identifier: reading pauses until there is. The PUBREL
     * that would free memory may be behind this publish, so the pause has an end, and the client comes again: what it
     * has sent of older publishes then comes first.
     */
    private boolean reserve() {
        if (session.reserve(publish.packetId())) {
            awaitsMemory = false;
            return true;
        }
        long now = executor.ticker().nanoTime();
        if (!awaitsMemory) {
            awaitsMemory = true;
            awaitsMemorySince = now;
            context.reporter().events().shortOfMemory();
        }
        if (now - awaitsMemorySince
                >= context.limits().times().slowReaderTimeout().toNanos()) {
            throw PacketException.of(
                    Rejection.QUOTA_EXCEEDED,
                    0x97,
                    "PUBLISH: no memory for another QoS 2 packet identifier; release some, or use consecutive ones");
        }
        awaitsPace = true;
        paceTimer = executor.schedule(this::onPace, MEMORY_MILLIS, TimeUnit.MILLISECONDS);
        return false;
    }

    /** Returns false if the session cannot be written at present. */
    private boolean mark() {
        if (!session.hasRoom()) {
            session.room().await(room);
            return false;
        }
        PublishMark mark = session.mark(publish.packetId());
        if (mark != null) {
            publish.mark(mark);
        }
        return true;
    }

    private boolean isPermitted() {
        String topic = publish.topic();
        Object version = context.permission().version();
        if (version == permittedBy && topic.equals(permitted)) {
            return true;
        }
        boolean may = context.permission().mayPublish(client.id(), client.userName(), topic);
        if (may && topic.length() <= LONGEST_KEPT) {
            permitted = topic;
            permittedBy = version;
        }
        return may;
    }

    private void forbid() {
        if (publish.qos() > 0 && !client.speaks5()) {
            throw PacketException.of(
                    Rejection.NOT_AUTHORIZED, 0x87, "PUBLISH: the client may not publish to '" + publish.topic() + "'");
        }
        context.reporter().forbidden(client, publish.topic());
        receipt.refused(RefusalReason.NOT_AUTHORIZED, "you may not publish to '" + publish.topic() + "'");
    }

    private void callHandler() {
        try {
            context.handler().onPublish(publish, receipt);
            if (receipt.kind() == ReusableReceipt.Kind.EMPTY) {
                throw new IllegalStateException("the handler left the receipt empty");
            }
        } catch (RuntimeException bug) {
            context.reporter().handlerFailed(client.address(), bug);
            throw PacketException.of(
                    Rejection.HANDLER_FAILED, 0x83, "PUBLISH: the server could not handle it; its log says why");
        } finally {
            publish.clear();
        }
    }

    private boolean applyReceipt(int bytes) {
        switch (receipt.kind()) {
            case NO_ROOM -> {
                receipt.room().await(room);
                return false;
            }
            case REFUSED -> refuse(receipt.refusal());
            case STORED -> {
                owe(Objects.requireNonNull(receipt.where()), receipt.offset());
                tally.add(publish.qos(), publish.payloadLength());
            }
            default -> {
                owe(Watermark.IMMEDIATE, 0);
                tally.add(publish.qos(), publish.payloadLength());
            }
        }
        pace(bytes);
        return true;
    }

    private void owe(Watermark where, long offset) {
        int qos = publish.qos();
        int packetId = publish.packetId();
        if (qos == 2) {
            session.take(
                    packetId, where == Watermark.IMMEDIATE ? Session.Taken.ALREADY : new Session.Taken(where, offset));
        }
        acknowledgements.owe(qos, packetId, where, offset);
    }

    private void refuse(Refusal refusal) {
        context.reporter().events().refused(refusal.reason());
        if (client.speaks5() && publish.qos() > 0) {
            acknowledgements.oweRefusal(publish.qos(), publish.packetId(), refusal);
        } else {
            owe(Watermark.IMMEDIATE, 0);
        }
    }

    private void pace(int bytes) {
        if (!publishPace.isLimited() && !bytePace.isLimited()) {
            return;
        }
        long now = executor.ticker().nanoTime();
        long wait = Math.max(publishPace.take(1, now), bytePace.take(bytes, now));
        if (wait > 0) {
            awaitsPace = true;
            context.reporter().events().paced(client.address(), client.id());
            paceTimer = executor.schedule(this::onPace, wait, TimeUnit.NANOSECONDS);
        }
    }

    private void onPace() {
        awaitsPace = false;
        turn.run();
    }

    /** The client released a QoS 2 publish. */
    public void release(int packetId) {
        Session.Taken taken = session.release(packetId);
        if (taken != null) {
            acknowledgements.complete(packetId, taken);
        } else {
            // In a resumed session the earlier PUBCOMP was lost: no error (MQTT 5 section 3.7.2.1), and some clients
            // would take a reason code for one.
            acknowledgements.completeUnknown(packetId, resumed);
        }
    }

    /** Reports the publishes since the last call to the counters, and {@code inboxBytes} if they are held. */
    public void report(int inboxBytes) {
        tally.report(room.isWaiting(), inboxBytes);
    }

    /** Drops the pending answers, because the connection has ended. */
    public void close() {
        acknowledgements.close();
        topicMemory.release();
        room.cancel();
        tally.report(false, 0);
        if (paceTimer != null) {
            paceTimer.cancel(false);
        }
    }
}
