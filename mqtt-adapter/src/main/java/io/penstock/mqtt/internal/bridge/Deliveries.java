package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.internal.context.ReusableReceipt;
import io.penstock.mqtt.internal.wire.InboundPublish;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Outbox;
import io.penstock.mqtt.internal.wire.PacketException;
import io.penstock.mqtt.internal.wire.Refusal;
import io.penstock.mqtt.session.KeptSession;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of one connection: each goes to the handler, and its answer to the {@link OwedAnswers}. While there is
 * no room, while as many publishes as the receive maximum wait for the disk, and for a pause after the handler failed,
 * the deliveries are {@link #isHeld held}. A broker that sends more than the receive maximum is not cut off.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Deliveries {
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long MOST_PAUSE_MILLIS = 60_000;

    // For the session, which outlives this connection.
    private final Link link;

    // For the connection.
    private final BridgeContext context;
    private final boolean five;
    private final EventExecutor loop;
    private final Runnable turn;
    private final Outbox outbox;
    private final OwedAnswers owed;
    private final Waiter room;
    private int most;
    private Wanted wanted;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private @Nullable Future<?> pause;
    private boolean held;

    // For the packet; the objects are reused.
    private final InboundPublish publish;
    private final ReusableReceipt receipt = new ReusableReceipt();

    // Since the last report.
    private final int[] counts = new int[3];
    private final long[] bytes = new long[3];
    private long acknowledged;

    /** @param turn runs when the deliveries can go on or have answers to send */
    Deliveries(
            Link link,
            BridgeContext context,
            BridgeSettings settings,
            InboundPublish publish,
            Outbox outbox,
            EventExecutor loop,
            Runnable turn) {
        this.link = link;
        this.context = context;
        this.five = publish.client().speaks5();
        this.publish = publish;
        this.outbox = outbox;
        this.loop = loop;
        this.turn = turn;
        this.owed = new OwedAnswers(outbox, loop, turn);
        this.room = new Waiter(loop, turn);
        this.wanted = new Wanted(settings);
        this.most = settings.limits().receiveMaximum();
    }

    /** The filters have changed. */
    void apply(BridgeSettings settings) {
        wanted = new Wanted(settings);
        most = settings.limits().receiveMaximum();
    }

    /** True if packets must wait. */
    boolean isHeld() {
        return isBlocked() || owed.size() >= most;
    }

    /** True if there is no room, or the handler failed. */
    private boolean isBlocked() {
        return room.isWaiting() || pause != null;
    }

    /** True if no answer is owed. */
    boolean isSettled() {
        return owed.size() == 0;
    }

    int inFlight() {
        return owed.size();
    }

    /** When the oldest publish arrived whose answer is owed. */
    long oldest(long otherwise) {
        return owed.oldest(otherwise);
    }

    /** Writes the due answers into the outbox. */
    void settle() {
        owed.settle();
    }

    /** Processes the PUBLISH at the front of the inbox. Returns false if it must wait; then it stays there. */
    boolean take(Inbox inbox) {
        publish.parse(inbox.bytes(), inbox.first() & 0x0F, inbox.bodyStart(), inbox.bodyEnd());
        return taken(-1);
    }

    /**
     * Processes the beginning of a PUBLISH that is too large, of which {@code available} bytes are there. Returns false
     * if it must wait.
     *
     * @param first its first byte
     * @param size of the whole packet
     */
    boolean takeTooLarge(ByteBuf in, int first, int bodyStart, int available, int size) {
        int end = in.readerIndex() + available;
        try {
            publish.parse(in, first & 0x0F, bodyStart, end);
            return taken(publish.payloadLength() + (long) size - available);
        } catch (PacketException cutProperties) {
            // Even its properties are larger than what is kept: only topic and identifier are read.
            int head = Math.min(end - bodyStart, 2 + in.getUnsignedShort(bodyStart) + ((first & 0x06) == 0 ? 0 : 2));
            ByteBuf bare = Unpooled.buffer(head + 1).writeBytes(in, bodyStart, head);
            if (five) {
                bare.writeByte(0);
            }
            publish.parse(bare, first & 0x0F, 0, bare.writerIndex());
            return taken(size);
        }
    }

    /** @param whole the size of a payload that is too large; negative for others */
    private boolean taken(long whole) {
        int qos = publish.qos();
        int packetId = publish.packetId();
        long now = loop.ticker().nanoTime();
        long fingerprint = 0;
        if (qos == 2) {
            fingerprint = ReceivedIds.fingerprint(publish.topic(), publish.payload());
            ReceivedIds.Taken before = link.session().ids().find(packetId, fingerprint);
            if (before != null) {
                link.tally().duplicates++;
                owed.publish(qos, packetId, before.where(), before.offset(), Optional.empty(), now);
                return true;
            }
        }
        if (!wanted.wants(publish.topic(), publish.retain())) {
            link.tally().leftOut++;
            answer(Watermark.IMMEDIATE, 0, fingerprint, now);
            return true;
        }
        if (qos == 2 && !marked(packetId)) {
            return false;
        }
        if (!isHandled(whole)) {
            return false;
        }
        return applied(whole, fingerprint, now);
    }

    /** Marks the publish for the store of sessions. Returns false if that has no room now. */
    private boolean marked(int packetId) {
        KeptSession kept = link.session().kept();
        if (kept == null) {
            return true;
        }
        if (!kept.hasRoom()) {
            kept.room().await(room);
            return false;
        }
        if (link.session().ids().has(packetId)) {
            // The identifier stands for another publish, which the broker has forgotten.
            link.session().ids().release(packetId);
            kept.release(packetId);
        }
        publish.mark(kept.mark(packetId));
        return true;
    }

    /** Calls the handler. Returns false if it failed; then the deliveries pause. */
    private boolean isHandled(long whole) {
        receipt.reset();
        try {
            if (whole < 0) {
                context.handler().onPublish(publish, receipt);
            } else {
                context.handler().onTooLarge(publish, whole, receipt);
            }
            if (receipt.kind() == ReusableReceipt.Kind.EMPTY) {
                throw new IllegalStateException("the handler left the receipt empty");
            }
            pauseMillis = FIRST_PAUSE_MILLIS;
            return true;
        } catch (RuntimeException bug) {
            context.reporter().handlerFailed(bug);
            link.trouble(Faults.handlerFailed(bug));
            pause = loop.schedule(this::resume, pauseMillis, TimeUnit.MILLISECONDS);
            pauseMillis = Math.min(MOST_PAUSE_MILLIS, 2 * pauseMillis);
            return false;
        } finally {
            publish.clear();
        }
    }

    private void resume() {
        pause = null;
        link.relieved(BridgeFault.Kind.HANDLER_FAILED);
        turn.run();
    }

    private boolean applied(long whole, long fingerprint, long now) {
        switch (receipt.kind()) {
            case NO_ROOM -> {
                receipt.room().await(room);
                return false;
            }
            case REFUSED -> refuse(receipt.refusal(), fingerprint, now);
            case STORED -> answer(Objects.requireNonNull(receipt.where()), receipt.offset(), fingerprint, now);
            default -> answer(Watermark.IMMEDIATE, 0, fingerprint, now);
        }
        count(whole);
        return true;
    }

    private void refuse(Refusal refusal, long fingerprint, long now) {
        link.tally().refusals++;
        context.reporter().tell(to -> to.refused(refusal.reason()));
        if (five && publish.qos() > 0) {
            owed.publish(publish.qos(), publish.packetId(), Watermark.IMMEDIATE, 0, Optional.of(refusal), now);
        } else {
            answer(Watermark.IMMEDIATE, 0, fingerprint, now);
        }
    }

    private void answer(Watermark where, long offset, long fingerprint, long now) {
        int qos = publish.qos();
        if (qos == 2) {
            link.session().ids().put(publish.packetId(), where, offset, fingerprint);
        }
        if (qos > 0) {
            owed.publish(qos, publish.packetId(), where, offset, Optional.empty(), now);
        }
    }

    private void count(long whole) {
        Tally tally = link.tally();
        tally.received++;
        tally.bytes += publish.payloadLength();
        counts[publish.qos()]++;
        bytes[publish.qos()] += publish.payloadLength();
        if (publish.dup()) {
            tally.redelivered++;
        }
        if (whole >= 0) {
            tally.tooLarge++;
        }
    }

    /** The broker released a QoS 2 publish. */
    void release(int packetId) {
        ReceivedIds.Taken taken = link.session().ids().release(packetId);
        long now = loop.ticker().nanoTime();
        if (taken != null && !taken.isDurable()) {
            // A broker that releases before PUBREC breaks the protocol, but the answer must still wait.
            owed.await(taken.where(), taken.offset(), now);
        }
        KeptSession kept = link.session().kept();
        if (kept == null) {
            owed.complete(packetId, taken != null, Watermark.IMMEDIATE, 0, now);
        } else {
            // The broker may use the identifier again after PUBCOMP, so its release must be durable first. An unknown
            // one may have been released a moment ago, over another connection.
            long offset = taken == null ? kept.lastOffset() : kept.release(packetId);
            owed.complete(packetId, taken != null, kept.written(), offset, now);
        }
    }

    /** Updates the counts, once per turn. */
    void report() {
        for (int qos = 0; qos < counts.length; qos++) {
            if (counts[qos] > 0) {
                int level = qos;
                int count = counts[qos];
                long size = bytes[qos];
                context.reporter().tell(to -> to.published(level, count, size));
                counts[qos] = 0;
                bytes[qos] = 0;
            }
        }
        link.tally().acknowledged += owed.sent() - acknowledged;
        acknowledged = owed.sent();
        reportHeld(isBlocked());
    }

    private void reportHeld(boolean now) {
        if (now != held) {
            held = now;
            context.reporter().tell(to -> {
                if (now) {
                    to.heldBack();
                } else {
                    to.released();
                }
            });
        }
    }

    /** The connection has ended: what is owed is dropped. */
    void close() {
        report();
        owed.close();
        room.cancel();
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
        reportHeld(false);
    }
}
