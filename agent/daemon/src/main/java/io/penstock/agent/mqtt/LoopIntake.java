package io.penstock.agent.mqtt;

import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.DeadEntries;
import io.penstock.agent.ingest.DeadEntry;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Unroutable;
import io.penstock.agent.sessions.SessionMark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.journal.EntryBlock;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.Receipt;
import io.penstock.mqtt.RefusalReason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Routes the publishes of one event loop's connections, writes each into the loop's block and appends that to its
 * spool. Keeps what each spool needs, of which there are at most {@code max-streams}, so that a
 * publish allocates nothing here.
 *
 * <p>What its stream cannot take is refused where the client can be told (MQTT 5, QoS 1 and 2; sections 3.4.2.1 and
 * 3.5.2.1). Of other clients it goes on to the spool, from where the sender puts it to the dead letters. So is what has
 * no stream; of other clients that goes to the dead letters at once.
 *
 * <p>A bridge can tell nothing to the clients behind its broker, and must not stand still for one of them: what can
 * never be stored goes to the dead letters at once.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LoopIntake {
    private static final int FIRST_BLOCK = 4 * 1024;
    private static final int KEPT_BLOCK = 1024 * 1024;
    /** A payload from which on asking for room costs less than encoding in vain. */
    private static final int LARGE = 16 * 1024;

    private static final int MAX_BLOCK = RecordEncoder.MAX_BYTES + 4 * 1024;

    /** For a stream past max-streams: no sign of room exists there, so the publish is tried again at this interval. */
    private static final Room LATER = Room.after(Duration.ofSeconds(5));

    private final Intake intake;
    private final AckChoice ack;
    private final SourceFacts facts;
    private final EventWriter writer;
    private final MqttEvent event;
    private final Source source;
    private final EntryBlock block = new EntryBlock(FIRST_BLOCK, MAX_BLOCK);
    private final Map<StreamId, SpoolBinding> bindings = new HashMap<>();

    LoopIntake(Intake intake, AckChoice ack, SourceFacts facts, EventCounts counts, MqttEvent event) {
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
        this.event = event;
        this.source = event.source();
        this.writer = new EventWriter(intake.clock(), counts, source.ownFields(), RecordEncoder.MAX_BYTES);
    }

    void take(Publish publish, Receipt receipt) {
        Routed routed = intake.router().route(source, event.of(publish));
        if (routed instanceof Destination destination) {
            take(publish, destination, receipt);
        } else if (routed instanceof Unroutable unroutable) {
            event.release();
            refuse(publish, unroutable, receipt);
        }
    }

    private void take(Publish publish, Destination destination, Receipt receipt) {
        SpoolBinding binding;
        try {
            binding = binding(destination.stream());
        } catch (TooManyStreamsException tooMany) {
            event.release();
            refuseStream(publish, receipt, tooMany);
            return;
        }
        int bytes = publish.payload().readableBytes();
        if (bytes >= LARGE && !binding.spool().mayTake(bytes)) {
            event.release();
            facts.heldBack(binding.stream());
            receipt.noRoom(binding.spool().whenRoom());
            return;
        }
        block.clear(KEPT_BLOCK);
        int limit = intake.maxRecord().applyAsInt(destination.stream());
        Written written = writer.write(event, destination, limit, block);
        if (written == Written.TOO_LARGE) {
            String text = tooLarge(destination, limit);
            if (source == Source.BRIDGE) {
                putAside(publish, Refusal.TOO_LARGE, text, receipt);
                return;
            }
            facts.refused(Refusal.TOO_LARGE, peer(publish), text);
            if (canBeTold(publish)) {
                receipt.refused(RefusalReason.IMPLEMENTATION_SPECIFIC_ERROR, text);
                return;
            }
            written = writer.write(event.of(publish), destination, RecordEncoder.MAX_BYTES, block);
            if (written == Written.TOO_LARGE) {
                receipt.refused(RefusalReason.IMPLEMENTATION_SPECIFIC_ERROR, text);
                return;
            }
        }
        append(publish, binding, writer.size(), receipt);
    }

    private void append(Publish publish, SpoolBinding into, int size, Receipt receipt) {
        SessionMark mark = publish.mark() instanceof SessionMark its ? its : null;
        if (mark != null) {
            mark.writeTo(into.spool(), block);
        }
        long offset = into.spool().append(block);
        if (offset >= 0) {
            if (mark != null) {
                mark.stored(offset);
            }
            Watermark acknowledged = into.acknowledged();
            facts.accepted(1, size, acknowledged, offset);
            receipt.stored(acknowledged, offset);
        } else if (offset == Spool.FULL) {
            facts.heldBack(into.stream());
            receipt.noRoom(into.spool().whenRoom());
        } else if (offset == Spool.DROPPED) {
            facts.dropped(1);
            drop(publish, into.spool().stream(), receipt);
        } else if (offset == Spool.TOO_LARGE) {
            String text = "the record is more than the spool of stream '" + into.stream() + "' can ever hold";
            if (source == Source.BRIDGE) {
                putAside(publish, Refusal.TOO_LARGE, text, receipt);
                return;
            }
            facts.refused(Refusal.TOO_LARGE, peer(publish), text);
            receipt.refused(RefusalReason.IMPLEMENTATION_SPECIFIC_ERROR, text);
        } else {
            receipt.stored(Watermark.FAILED, 0);
        }
    }

    /**
     * Dropped, as spool.when-full says: a client whose version has a reason code is told; another would send it again
     * for ever.
     */
    private void drop(Publish publish, StreamId stream, Receipt receipt) {
        if (canBeTold(publish)) {
            facts.refused(Refusal.SPOOL_FULL, 1); // The spool itself says that it is full.
            receipt.refused(
                    RefusalReason.QUOTA_EXCEEDED,
                    "the spool of stream '" + stream.stream() + "' is full, and what comes is dropped");
        } else {
            receipt.acknowledged();
        }
    }

    /** A client that cannot be told has its publish kept as a dead letter, and acknowledged once that is on disk. */
    private void refuse(Publish publish, Unroutable why, Receipt receipt) {
        if (canBeTold(publish)) {
            facts.refused(Refusal.INVALID_STREAM, peer(publish), why.text());
            receipt.refused(RefusalReason.TOPIC_NAME_INVALID, why.text());
            return;
        }
        putAside(publish, Refusal.INVALID_STREAM, why.text(), receipt);
    }

    /** Acknowledged once the dead letter is on disk. */
    void putAside(Publish publish, Refusal reason, String text, Receipt receipt) {
        byte[] payload = new byte[publish.payload().readableBytes()];
        publish.payload().getBytes(publish.payload().readerIndex(), payload);
        DeadEntries dead = intake.dead();
        long offset = dead.put(new DeadEntry(
                new StreamId(Router.DEFAULT_TARGET, source.word()), source.word(), publish.topic(), text, payload));
        if (offset == DeadEntries.FULL) {
            facts.heldBack(source.word());
            receipt.noRoom(dead.whenRoom());
            return;
        }
        facts.refused(reason, 1);
        facts.putAside(peer(publish), "a publish to '" + publish.topic() + "' goes to the dead letters: " + text);
        receipt.stored(dead.stored(), offset);
    }

    private SpoolBinding binding(StreamId stream) {
        SpoolBinding known = bindings.get(stream);
        if (known == null) {
            Spool spool = intake.spools().spool(stream);
            known = new SpoolBinding(spool, ack);
            bindings.put(stream, known);
        }
        return known;
    }

    /** MQTT 5 is told; a client of an older version that waits for an acknowledgement is held back, as at any limit. */
    private void refuseStream(Publish publish, Receipt receipt, TooManyStreamsException tooMany) {
        String text = String.valueOf(tooMany.getMessage());
        if (source == Source.BRIDGE) {
            putAside(publish, Refusal.TOO_MANY_STREAMS, text, receipt);
        } else if (canBeTold(publish) || publish.qos() == 0 || publish.will()) {
            facts.refused(Refusal.TOO_MANY_STREAMS, peer(publish), text);
            receipt.refused(RefusalReason.QUOTA_EXCEEDED, text);
        } else {
            facts.heldBack(Refusal.TOO_MANY_STREAMS, peer(publish), text);
            receipt.noRoom(LATER);
        }
    }

    /** A broker does nothing with a reason code. */
    private boolean canBeTold(Publish publish) {
        return source == Source.MQTT
                && publish.protocolVersion() == ProtocolVersion.MQTT_5
                && publish.qos() > 0
                && !publish.will();
    }

    private static String tooLarge(Destination destination, int limit) {
        return "the record is larger than the " + limit + " bytes that stream '" + destination.stream().stream()
                + "' takes: send it in parts";
    }

    private String peer(Publish publish) {
        return source == Source.BRIDGE
                ? "bridge " + event.bridge()
                : publish.remoteAddress() + " (client " + publish.clientId() + ")";
    }
}
