package io.penstock.mqtt.internal.bridge;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
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

/**
 * The publishes of one connection: each goes to the handler, and its answer to the {@link OwedAnswers}. While there is
 * no room, while as many publishes as the receive maximum wait for the disk, and for a pause after the handler failed,
 * the deliveries are {@link #isHeld held}. A broker that sends more than the receive maximum is not cut off.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Deliveries {
    // For the session, which outlives this connection.
    private final Link link;

    // For the connection.
    private final boolean five;
    private final EventExecutor loop;
    private final OwedAnswers owed;
    private final Waiter room;
    private int most;
    private Wanted wanted;
    /** Empty if no session is taken over: no publish has an empty topic. */
    private String awayTopic;

    private final Offers offers;
    private final DeliveryCounts counts;

    private long count;

    // For the packet; the objects are reused.
    private final InboundPublish publish;

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
        this.five = publish.client().speaks5();
        this.publish = publish;
        this.loop = loop;
        this.offers = new Offers(link, context, loop, turn);
        this.counts = new DeliveryCounts(link.tally(), context.reporter());
        this.owed = new OwedAnswers(outbox, loop, turn);
        this.room = new Waiter(loop, turn);
        this.wanted = new Wanted(settings);
        this.awayTopic = settings.awayTopic().orElse("");
        this.most = settings.limits().receiveMaximum();
    }

    /** The filters have changed. */
    void apply(BridgeSettings settings) {
        wanted = new Wanted(settings);
        awayTopic = settings.awayTopic().orElse("");
        most = settings.limits().receiveMaximum();
    }

    /** True if packets must wait. */
    boolean isHeld() {
        return isBlocked() || owed.size() >= most;
    }

    /** True if there is no room, or the handler failed. */
    private boolean isBlocked() {
        return room.isWaiting() || offers.isPaused();
    }

    /** True if no answer is owed. */
    boolean isSettled() {
        return owed.size() == 0;
    }

    /** Rises with each publish that comes. */
    long count() {
        return count;
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
        int flags = inbox.first() & 0x0F;
        try {
            count++;
            publish.parse(inbox.bytes(), flags, inbox.bodyStart(), inbox.bodyEnd());
        } catch (PacketException fault) {
            // The broker would send it again over each connection, so one bad message would keep all others away.
            if (!publish.parseUnfit(inbox.bytes(), inbox.bodyStart(), inbox.bodyEnd(), fault)) {
                throw fault;
            }
            return taken(new Offer.Unfit(fault.text()));
        }
        return taken(Offer.WHOLE);
    }

    /**
     * Processes the beginning of a PUBLISH that is too large, of which {@code kept} bytes are kept. Returns false
     * if it must wait.
     *
     * @param first its first byte
     * @param size of the whole packet
     */
    boolean takeTooLarge(ByteBuf in, int first, int bodyStart, int kept, int size) {
        count++;
        int end = in.readerIndex() + kept;
        try {
            publish.parse(in, first & 0x0F, bodyStart, end);
        } catch (PacketException cut) {
            // Its properties are larger than what is kept, or a fault is in what is here.
            if (!publish.parseUnfit(in, bodyStart, end, cut)) {
                throw cut;
            }
        }
        return taken(new Offer.TooLarge(publish.payloadLength() + (long) size - kept));
    }

    private boolean taken(Offer offer) {
        int qos = publish.qos();
        int packetId = publish.packetId();
        long now = loop.ticker().nanoTime();
        long fingerprint = 0;
        if (qos == 2) {
            fingerprint = ReceivedIds.fingerprint(publish.topic(), publish.payload());
            ReceivedIds.Taken before = link.session().ids().find(packetId, fingerprint, publish.dup());
            if (before != null) {
                link.tally().duplicates++;
                owed.publish(qos, packetId, before.where(), before.offset(), Optional.empty(), now);
                return true;
            }
        }
        if (publish.topic().equals(awayTopic)) {
            link.away(publish.payload());
            answer(Watermark.IMMEDIATE, 0, fingerprint, now);
            return true;
        }
        if (!wanted.wants(publish.topic(), publish.retain())) {
            link.tally().leftOut++;
            answer(Watermark.IMMEDIATE, 0, fingerprint, now);
            return true;
        }
        if (qos == 2 && !marked(packetId)) {
            return false;
        }
        if (!offers.make(publish, offer)) {
            return false;
        }
        return applied(offer, fingerprint, now);
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

    private boolean applied(Offer offer, long fingerprint, long now) {
        ReusableReceipt receipt = offers.receipt();
        switch (receipt.kind()) {
            case NO_ROOM -> {
                receipt.room().await(room);
                return false;
            }
            case REFUSED -> refuse(receipt.refusal(), fingerprint, now);
            case STORED -> answer(Objects.requireNonNull(receipt.where()), receipt.offset(), fingerprint, now);
            default -> answer(Watermark.IMMEDIATE, 0, fingerprint, now);
        }
        counts.count(publish, offer);
        return true;
    }

    private void refuse(Refusal refusal, long fingerprint, long now) {
        counts.refused(refusal.reason());
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

    /** The broker released a QoS 2 publish. */
    void release(int packetId) {
        ReceivedIds.Taken taken = link.session().ids().release(packetId);
        long now = loop.ticker().nanoTime();
        if (taken != null && !taken.isDurable()) {
            // A broker that releases before PUBREC breaks the protocol, but the answer must still wait.
            owed.await(taken.where(), taken.offset(), now);
        }
        // In a resumed session the earlier PUBCOMP was lost, and that is no error (MQTT 5 section 3.7.2.1).
        boolean known = taken != null || link.isResumed();
        KeptSession kept = link.session().kept();
        if (kept == null) {
            owed.complete(packetId, known, Watermark.IMMEDIATE, 0, now);
        } else {
            // The broker may use the identifier again after PUBCOMP, so its release must be durable first. An unknown
            // one may have been released a moment ago, over another connection.
            long offset = taken == null ? kept.lastOffset() : kept.release(packetId);
            owed.complete(packetId, known, kept.written(), offset, now);
        }
    }

    /** Updates the counts, once per turn. */
    void report() {
        counts.report(owed.sent(), isBlocked());
    }

    /** The connection has ended: what is owed is dropped. */
    void close() {
        report();
        owed.close();
        room.cancel();
        offers.close();
        counts.report(owed.sent(), false);
    }
}
