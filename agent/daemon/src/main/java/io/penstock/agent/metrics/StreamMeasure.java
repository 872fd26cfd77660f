package io.penstock.agent.metrics;

import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.sender.status.StreamUsage;
import io.penstock.delivery.spool.SpoolStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * One thing that is measured of every stream.
 *
 * @param counter whether it only rises
 * @param largest whether several streams together have the largest of theirs, not the sum
 * @param of the value at one moment
 */
record StreamMeasure(String name, String description, boolean counter, boolean largest, ToDoubleFunction<Reading> of) {

    /** One stream at one moment; a spool that has just opened has no sender yet. */
    record Reading(SpoolStatus spool, Optional<StreamStatus> sender, LongUnaryOperator ageOf) {
        private double of(ToDoubleFunction<StreamStatus> value) {
            return sender.isPresent() ? value.applyAsDouble(sender.get()) : 0;
        }

        private double oldestAge() {
            return of(status -> status.load().oldestTimestamp() == 0
                    ? 0
                    : ageOf.applyAsLong(status.load().oldestTimestamp()) / 1_000.0);
        }
    }

    private static final double AGGREGATE_BYTES = 51_200;

    static final List<StreamMeasure> ALL = List.of(
            gauge(
                    "penstock.spool.events",
                    "Events accepted and not yet settled.",
                    reading -> reading.spool().records()),
            gauge(
                    "penstock.spool.bytes",
                    "Disk that the spool takes.",
                    reading -> reading.spool().bytes()),
            new StreamMeasure(
                    "penstock.spool.oldest.age.seconds",
                    "Age of the oldest event that is not delivered; 0 when there is none.",
                    false,
                    true,
                    Reading::oldestAge),
            counter(
                    "penstock.spool.dropped",
                    "Events given up because the spool was full, as when-full says.",
                    reading -> reading.spool().losses().dropped()),
            counter(
                    "penstock.spool.damaged",
                    "Events that could not be read back from disk.",
                    reading -> reading.spool().losses().damaged()),
            counter(
                    "penstock.spool.refusals",
                    "Appends that had to wait for room.",
                    reading -> reading.spool().refusals()),
            gauge(
                    "penstock.sender.shards",
                    "Open shards as last heard; 0 when unknown.",
                    reading -> reading.of(status -> status.load().shards())),
            gauge(
                    "penstock.sender.throttled.shards",
                    "Shards that are at their limit, for seconds rather than for a moment.",
                    reading -> reading.of(status -> status.load().throttledShards())),
            gauge(
                    "penstock.sender.held.by.rate",
                    "1 while the target's max-rate holds the stream back.",
                    reading -> reading.of(status -> status.load().heldByRate() ? 1 : 0)),
            gauge(
                    "penstock.sender.calls.in.flight",
                    "Calls that are out.",
                    reading -> reading.of(status -> status.load().calls())),
            gauge(
                    "penstock.sender.held.events",
                    "Events in the sender's memory, waiting or out.",
                    reading -> reading.of(status -> status.load().records())),
            gauge(
                    "penstock.sender.held.bytes",
                    "Their bytes.",
                    reading -> reading.of(status -> status.load().bytes())),
            gauge(
                    "penstock.sender.parked",
                    "1 while the stream is parked: somebody has to act.",
                    reading -> reading.of(status -> status.state() == StreamStatus.State.PARKED ? 1 : 0)),
            gauge(
                    "penstock.sender.backing.off",
                    "1 while calls are paused because the target does not answer well.",
                    reading -> reading.of(status -> status.state() == StreamStatus.State.BACKING_OFF ? 1 : 0)),
            counter(
                    "penstock.sender.delivered",
                    "Events that the stream has.",
                    reading -> reading.of(status -> status.delivered().records())),
            counter(
                    "penstock.sender.delivered.bytes",
                    "Their data and partition keys.",
                    reading -> reading.of(status -> status.delivered().bytes())),
            counter(
                    "penstock.sender.kinesis.records",
                    "Kinesis records that carried them: fewer where events are aggregated.",
                    reading -> reading.of(status -> status.delivered().kinesisRecords())),
            counter(
                    "penstock.sender.kinesis.bytes",
                    "Data and partition keys of the Kinesis records.",
                    reading -> reading.of(status -> status.delivered().kinesisBytes())),
            counter(
                    "penstock.sender.put.payload.units",
                    "PUT payload units of the Kinesis records: 25 KB each, or begun.",
                    reading -> reading.of(status -> status.delivered().units())),
            new StreamMeasure(
                    "penstock.sender.events.per.kinesis.record",
                    "Events that a Kinesis record carried, on average over the last hour.",
                    false,
                    true,
                    reading -> reading.of(StreamMeasure::eventsPerRecord)),
            new StreamMeasure(
                    "penstock.sender.record.fill",
                    "How full Kinesis records were on average over the last hour, of the 51,200 bytes of an aggregated one.",
                    false,
                    true,
                    reading -> reading.of(StreamMeasure::fill)),
            new StreamMeasure(
                    "penstock.sender.busiest.shard.share",
                    "The largest share of its limit that a shard used in a minute of the last hour.",
                    false,
                    true,
                    reading -> reading.of(status -> status.usage().shards().busiest())),
            gauge(
                    "penstock.sender.shards.needed",
                    "Shards that the busiest minute of the last hour needs; 0 while unknown, and in on-demand mode.",
                    reading -> reading.of(StreamMeasure::shardsNeeded)),
            gauge(
                    "penstock.sender.month.cost",
                    "What a month like the last hour costs by the prices of provisioned mode; 0 without.",
                    reading -> reading.of(status -> month(status, StreamUsage.Cost::provisioned))),
            gauge(
                    "penstock.sender.month.cost.on.demand",
                    "What a month like the last hour costs by the prices of on-demand mode; 0 without.",
                    reading -> reading.of(status -> month(status, StreamUsage.Cost::onDemand))),
            counter(
                    "penstock.sender.calls",
                    "Calls made.",
                    reading -> reading.of(status -> status.effort().calls())),
            counter(
                    "penstock.sender.passes",
                    "How often the sender looked for something to do.",
                    reading -> reading.of(status -> status.effort().passes())),
            counter(
                    "penstock.sender.throttled",
                    "Events that a shard refused because it was too much at once.",
                    reading -> reading.of(status -> status.effort().throttled())),
            counter(
                    "penstock.sender.retried",
                    "Events sent again, whatever the reason.",
                    reading -> reading.of(status -> status.effort().retried())),
            counter(
                    "penstock.sender.possible.duplicates",
                    "Events sent again although the target may have them.",
                    reading -> reading.of(status -> status.effort().possibleDuplicates())),
            counter(
                    "penstock.sender.rebuilt",
                    "Times that the sender met an unexpected error and was built anew.",
                    reading -> reading.of(status -> status.effort().rebuilt())),
            counter(
                    "penstock.sender.dead.letters",
                    "Events refused for good, in the dead-letter file.",
                    reading -> reading.of(status -> status.deadLetters().written())),
            gauge(
                    "penstock.sender.dead.letters.waiting",
                    "Events in the dead-letter file, those of earlier runs included.",
                    reading -> reading.of(status -> status.deadLetters().onDisk())),
            counter(
                    "penstock.sender.broken.promises",
                    "Events stored before an earlier one of their key by a target that promised otherwise.",
                    reading -> reading.of(status -> status.effort().brokenPromises())),
            gauge(
                    "penstock.sender.keys",
                    "About how many partition keys the last window of events had; 0 while unknown.",
                    reading -> reading.of(status -> status.keys().keys())),
            gauge(
                    "penstock.sender.idle.shards",
                    "Shards that got none of those events.",
                    reading -> reading.of(status -> status.keys().idleShards())),
            new StreamMeasure(
                    "penstock.sender.largest.share",
                    "What one shard got of them, 0 to 1.",
                    false,
                    true,
                    reading -> reading.of(status -> status.keys().largestShare())),
            gauge(
                    "penstock.sender.key.advice",
                    "1 while there is advice about the partition keys: the status has it in words.",
                    reading -> reading.of(status -> status.keys().advice().isEmpty() ? 0 : 1)));

    private static double month(StreamStatus status, Function<StreamUsage.Cost, Optional<StreamUsage.Month>> mode) {
        return status.usage().cost().flatMap(mode).map(StreamUsage.Month::now).orElse(0.0);
    }

    private static double shardsNeeded(StreamStatus status) {
        return status.usage().shards().mode() == StreamSummary.Mode.ON_DEMAND
                ? 0
                : status.usage().shards().needed();
    }

    private static double eventsPerRecord(StreamStatus status) {
        StreamUsage usage = status.usage();
        return usage.known() ? usage.sent().records() / usage.sent().kinesisRecords() : 0;
    }

    private static double fill(StreamStatus status) {
        StreamUsage usage = status.usage();
        return usage.known() ? usage.sent().bytes() / usage.sent().kinesisRecords() / AGGREGATE_BYTES : 0;
    }

    private static StreamMeasure gauge(String name, String description, ToDoubleFunction<Reading> of) {
        return new StreamMeasure(name, description, false, false, of);
    }

    private static StreamMeasure counter(String name, String description, ToDoubleFunction<Reading> of) {
        return new StreamMeasure(name, description, true, false, of);
    }
}
