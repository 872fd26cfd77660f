package io.penstock.agent;

import io.penstock.agent.admin.AgentState;
import io.penstock.agent.admin.AgentState.StreamState;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.live.Reading;
import io.penstock.agent.live.StreamReading;
import io.penstock.agent.metrics.SourceCount;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.Explanation;
import io.penstock.delivery.kinesis.shards.ShardMap;
import io.penstock.delivery.sender.Delivery;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.spool.DiskSpools;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.disk.DiskWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The agent's state as the admin listener shows it, put together from what the parts say of themselves at each call. It
 * exists before the parts do, so that a long start can be watched. Any thread; never blocks.
 */
final class StatusView implements Supplier<AgentState> {
    private volatile Supplier<Configuration> running;
    private final String version;
    private final Supplier<Duration> uptime;
    private final Supplier<List<StartReport.Listener>> listeners;
    private final Supplier<List<Condition>> conditions;
    private volatile Supplier<List<BridgeStatus>> bridges = List::of;
    private volatile Supplier<Statuses> streams = () -> Statuses.NONE;
    private volatile BiFunction<String, String, ShardMap> shards = (target, stream) -> ShardMap.UNKNOWN;
    private volatile Supplier<Optional<AgentState.Disk>> disk = Optional::empty;

    /** What spools and senders say of themselves at one moment. */
    private record Statuses(List<SpoolStatus> spools, List<StreamStatus> senders, LongUnaryOperator ageOf) {
        static final Statuses NONE = new Statuses(List.of(), List.of(), stamp -> 0);

        List<AgentState.Stream> streams() {
            return StatusView.streams(spools, senders, ageOf);
        }

        /** In the order of {@link #streams}. */
        List<StreamReading> readings(List<AgentState.Stream> streams) {
            Map<StreamId, StreamStatus> sending = new HashMap<>();
            senders.forEach(sender -> sending.put(sender.stream(), sender));
            List<StreamReading> readings = new ArrayList<>(spools.size());
            for (int i = 0; i < spools.size(); i++) {
                SpoolStatus spool = spools.get(i);
                readings.add(
                        new StreamReading(streams.get(i), spool, Optional.ofNullable(sending.get(spool.stream()))));
            }
            return readings;
        }
    }

    StatusView(
            Configuration configuration,
            String version,
            Supplier<Duration> uptime,
            Supplier<List<StartReport.Listener>> listeners,
            Supplier<List<Condition>> conditions) {
        this.running = () -> configuration;
        this.version = version;
        this.uptime = uptime;
        this.listeners = listeners;
        this.conditions = conditions;
    }

    /**
     * From now on there are streams to show.
     *
     * @param ageOf how long ago a record was accepted, milliseconds, by its stamp
     */
    void show(DiskSpools spools, Delivery delivery, LongUnaryOperator ageOf) {
        shards = (target, stream) -> delivery.shards(new StreamId(target, stream));
        streams = () -> new Statuses(spools.status(), delivery.status(), ageOf);
    }

    /** From now on the configuration may change. */
    void running(Supplier<Configuration> present) {
        running = present;
    }

    /** From now on the room on disk is known. */
    void show(DiskWatch watch) {
        disk = () -> Optional.of(new AgentState.Disk(
                watch.space().freeBytes(),
                watch.space().reserveBytes(),
                watch.shortage().map(Explanation::text).orElse("")));
    }

    /** From now on there are bridges to show. */
    void show(Supplier<List<BridgeStatus>> all) {
        bridges = all;
    }

    /** The open shards of a stream, by present knowledge. */
    ShardMap shards(String target, String stream) {
        return shards.apply(target, stream);
    }

    /** The state, with the counts of the same moment. */
    Reading reading(Map<String, SourceCount> sources) {
        Statuses now = streams.get();
        AgentState state = state(now);
        return new Reading(state, now.readings(state.streams()), sources);
    }

    @Override
    public AgentState get() {
        return state(streams.get());
    }

    private AgentState state(Statuses now) {
        Duration up = uptime.get();
        Configuration configuration = running.get();
        return new AgentState(
                new AgentState.Process(
                        version,
                        Instant.now().minus(up),
                        up,
                        configuration.data().toString()),
                configuration.kinesis().address() + ", region "
                        + configuration.kinesis().region(),
                configuration.allTargets().entrySet().stream()
                        .map(target -> new AgentState.Target(
                                target.getKey(),
                                target.getValue().address().toString(),
                                target.getValue().region()))
                        .toList(),
                listeners.get().stream()
                        .map(listener -> new AgentState.Listener(listener.name(), listener.urls(), true))
                        .toList(),
                bridges.get(),
                now.streams(),
                disk.get(),
                conditions.get());
    }

    static List<AgentState.Stream> streams(
            List<SpoolStatus> spools, List<StreamStatus> senders, LongUnaryOperator ageOf) {
        Map<StreamId, StreamStatus> sending = new HashMap<>();
        senders.forEach(sender -> sending.put(sender.stream(), sender));
        return spools.stream()
                .map(spool -> stream(spool, sending.get(spool.stream()), ageOf))
                .toList();
    }

    private static AgentState.Stream stream(SpoolStatus spool, @Nullable StreamStatus sender, LongUnaryOperator ageOf) {
        if (sender == null) {
            return new AgentState.Stream(
                    spool.stream().target(),
                    spool.stream().stream(),
                    new AgentState.Backlog(spool.records(), spool.bytes(), Optional.empty()),
                    0,
                    0,
                    lost(spool),
                    new AgentState.Health(StreamState.RETRYING, "spool: " + spool.detail(), "", notes(spool)),
                    StreamUsage.NONE);
        }
        return new AgentState.Stream(
                spool.stream().target(),
                spool.stream().stream(),
                new AgentState.Backlog(
                        spool.records(), spool.bytes(), age(sender.load().oldestTimestamp(), ageOf)),
                sender.delivered().records(),
                sender.deadLetters().onDisk(),
                lost(spool),
                new AgentState.Health(
                        condition(spool, sender),
                        condition(spool, sender) == StreamState.IDLE ? "" : sender.detail(),
                        sender.keys().advice(),
                        notes(spool, sender)),
                sender.usage());
    }

    private static Optional<Duration> age(long timestamp, LongUnaryOperator ageOf) {
        return timestamp == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(ageOf.applyAsLong(timestamp)));
    }

    private static AgentState.Lost lost(SpoolStatus spool) {
        return new AgentState.Lost(spool.losses().dropped(), spool.losses().damaged());
    }

    private static List<String> notes(SpoolStatus spool) {
        return spool.losses().damage().isEmpty()
                ? List.of()
                : List.of(spool.losses().damage());
    }

    private static List<String> notes(SpoolStatus spool, StreamStatus sender) {
        List<String> notes = new ArrayList<>(notes(spool));
        if (sender.keys().ignored()) {
            notes.add("its record distribution strategy is AUTO: the stream spreads records over its shards and ignores"
                    + " partition keys, so that records of one key have no order and are not aggregated");
        }
        long rebuilt = sender.effort().rebuilt();
        if (rebuilt > 0) {
            notes.add("its sender met an unexpected error and was built anew, " + rebuilt
                    + (rebuilt == 1 ? " time" : " times")
                    + " since the start: please report the stack trace in the log");
        }
        return notes;
    }

    private static StreamState condition(SpoolStatus spool, StreamStatus sender) {
        return switch (sender.state()) {
            case PARKED -> StreamState.PARKED;
            case BACKING_OFF, CREATING -> StreamState.RETRYING;
            case THROTTLED -> spool.records() == 0 ? StreamState.IDLE : StreamState.THROTTLED;
            case DELIVERING, STOPPED -> spool.records() == 0 ? StreamState.IDLE : StreamState.SENDING;
        };
    }
}
