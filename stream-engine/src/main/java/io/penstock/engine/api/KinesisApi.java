package io.penstock.engine.api;

import io.penstock.base.net.HostCheck;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.auth.SignatureCheck;
import io.penstock.engine.limit.ReadLimits;
import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.put.EnginePuts;
import io.penstock.engine.stream.AccountSettings;
import io.penstock.engine.stream.Channels;
import io.penstock.engine.stream.Resharding;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.watch.Watch;
import io.penstock.engine.wire.KinesisModel;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Assembles the API.
 *
 * @param transition how long CREATING, UPDATING and DELETING last
 * @param retentionHours of new streams
 * @param ephemeral true if the streams end with the engine, so that all may be removed by one request
 * @param maxRequestBytes of a body
 * @param hosts names that may be called, besides IP addresses and localhost
 * @param origins web origins that may call
 * @param signatures checks whose calls these are; empty to let anyone call
 */
public record KinesisApi(
        Duration transition,
        int retentionHours,
        boolean ephemeral,
        long maxRequestBytes,
        List<String> hosts,
        List<String> origins,
        Optional<SignatureCheck> signatures) {
    /** What calls read and change, and the clock by which it ages. */
    public record Holdings(Streams streams, AccountSettings account, Channels channels, AgeClock clock) {}

    /** What bounds, counts and watches calls. Shards and calls are limited if {@code limits} are enforced. */
    public record Bounds(CallMemory memory, StreamLimits limits, EngineMeters meters, Watch watch) {}

    public KinesisService over(Holdings holdings, Bounds bounds) {
        Streams streams = holdings.streams();
        Channels channels = holdings.channels();
        AgeClock clock = holdings.clock();
        CallMemory memory = bounds.memory();
        StreamLimits limits = bounds.limits();
        EngineMeters meters = bounds.meters();
        Watch watch = bounds.watch();
        Resharding resharding = new Resharding(streams, clock, transition);
        StreamNames names = new StreamNames(streams);
        Context context =
                new Context(streams, names, clock, transition, retentionHours, channels, memory, meters, watch);
        Map<KinesisModel, Operation> operations = new EnumMap<>(KinesisModel.class);
        new StreamOperations(context).addTo(operations);
        new ShardOperations(context, resharding).addTo(operations);
        RecordOperations records = new RecordOperations(context, new ReadLimits(limits.enforced(), clock));
        records.addTo(operations);
        new OptionOperations(context).addTo(operations);
        new MonitoringOperations(context).addTo(operations);
        new TagOperations(context).addTo(operations);
        new ChannelOperations(context).addTo(operations);
        new ConsumerOperations(context).addTo(operations);
        new AccountOperations(context, holdings.account()).addTo(operations);
        EngineCalls calls = new EngineCalls(
                new EnginePuts(names, streams.limits().own(), limits, meters, watch.traffic()),
                memory,
                meters,
                new CallLimits(limits.enforced(), clock),
                streams.limits().own(),
                new Reset(ephemeral, streams, channels),
                new Subscriptions(context),
                records,
                operations);
        KinesisService.Admission admission = new KinesisService.Admission(new HostCheck(hosts, origins), signatures);
        return new KinesisService(() -> admission, memory.requests(), new Counting(meters), maxRequestBytes, calls);
    }
}
