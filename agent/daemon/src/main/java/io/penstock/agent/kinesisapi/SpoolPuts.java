package io.penstock.agent.kinesisapi;

import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Unroutable;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.PutTarget;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Puts go to the spools of the streams that routes lead to. Thread-safe; bounded by {@code max-streams} and the routes. */
final class SpoolPuts implements PutTarget {
    private final AckChoice ack;
    private final Intake intake;
    private final Targets targets;
    private final ApiLimits limits;
    private final SourceFacts facts;
    private final ConnectedClients connected;
    private final AtomicLong owed = new AtomicLong();
    private final Map<Destination, SpoolStream> streams = new ConcurrentHashMap<>();
    private final ThreadLocal<RecordBlocks> blocks;

    SpoolPuts(AckChoice ack, Intake intake, Targets targets, ApiLimits limits, SourceFacts facts, EventCounts counts) {
        this.ack = ack;
        this.intake = intake;
        this.targets = targets;
        this.limits = limits;
        this.facts = facts;
        this.connected = facts.connected();
        this.blocks = ThreadLocal.withInitial(() -> new RecordBlocks(intake.clock(), counts));
    }

    @Override
    public Stream stream(String authorization, Optional<String> name, Optional<String> arn, Optional<String> id) {
        KeyFields called = KeyFields.posted(CalledStream.of(name, arn, id), "");
        Routed routed = intake.router().route(Source.KINESIS, called);
        if (routed instanceof Unroutable unroutable) {
            throw ServiceException.notFound("The agent has no stream for it: " + unroutable.text());
        }
        Destination destination = (Destination) routed;
        SpoolStream open = streams.get(destination);
        return new SpoolStream.Called(open != null ? open : streams.computeIfAbsent(destination, this::open), called);
    }

    private SpoolStream open(Destination destination) {
        try {
            return new SpoolStream(destination, intake.spools().spool(destination.stream()), this);
        } catch (TooManyStreamsException tooMany) {
            throw ServiceException.limitExceeded(tooMany.getMessage()
                    + ". Put into a stream that is there, or raise engine.max-streams of the agent.");
        }
    }

    /** Takes room for what waits for the spool. Returns false if there is none. */
    boolean owe(int weight) {
        if (owed.addAndGet(weight) > limits.mostOwed()) {
            owed.addAndGet(-weight);
            return false;
        }
        return true;
    }

    void settled(int weight) {
        owed.addAndGet(-weight);
    }

    /** What waits for the spool. */
    long owed() {
        return owed.get();
    }

    /** Of the calling event loop. */
    RecordBlocks blocks() {
        return blocks.get();
    }

    /** When a put that comes now is answered. */
    AckMode ack() {
        return ack.mode();
    }

    /** The clients, by their addresses. */
    ConnectedClients connected() {
        return connected;
    }

    Intake intake() {
        return intake;
    }

    Targets targets() {
        return targets;
    }

    ApiLimits limits() {
        return limits;
    }

    SourceFacts facts() {
        return facts;
    }
}
