package io.penstock.delivery.sender;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.schedule.Lane;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.sender.schedule.SustainedCondition;
import io.penstock.delivery.spool.StreamId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reports what slows a stream down although its target answers: the limits of its shards, or the target's maximum rate.
 * The report has words and the remedy, and is updated once a second.
 */
@OwnedBy(ThreadRole.SENDER)
final class Slowdown {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MEBIBYTE = 1 << 20;

    private final String stream;
    private final Lanes lanes;
    private final TargetSendQueue.Slot slot;
    private final SustainedCondition rate = new SustainedCondition();
    private boolean heldByRate;
    private long lookAt;
    private int strainedShards;
    private Optional<Explanation> why = Optional.empty();

    Slowdown(StreamId stream, Lanes lanes, TargetSendQueue.Slot slot, long now) {
        this.stream = stream.stream();
        this.lanes = lanes;
        this.slot = slot;
        this.lookAt = now + SECOND;
    }

    /** The stream waits for its share of the target's rate. */
    void heldByRate() {
        heldByRate = true;
    }

    /**
     * Updates the report. To be called once per pass.
     *
     * @param waits true if there are records to send; without them nothing is slowed down
     * @param mode the stream's capacity mode, which decides the remedy
     */
    void look(long now, boolean waits, StreamSummary.Mode mode) {
        if (!waits) {
            strainedShards = 0;
            why = Optional.empty();
            return;
        }
        if (now < lookAt) {
            return;
        }
        rate.seconds(heldByRate, 1 + (now - lookAt) / SECOND);
        heldByRate = false;
        lookAt = now + SECOND;
        List<Lane> strained =
                lanes.lanes().stream().filter(lane -> lane.pace().strained(now)).toList();
        strainedShards = strained.stream().mapToInt(Lane::shards).sum();
        why = strainedShards > 0
                ? Optional.of(ofShards(strained, mode == StreamSummary.Mode.ON_DEMAND))
                : rate.on() ? Optional.of(ofRate()) : Optional.empty();
    }

    /** In on-demand mode only the service can split a shard (API reference, SplitShard and UpdateShardCount). */
    private Explanation ofShards(List<Lane> strained, boolean onDemand) {
        int shards = lanes.lanes().stream().mapToInt(Lane::shards).sum();
        if (strainedShards == shards) {
            return new Explanation(
                    ConditionName.THROTTLED,
                    (shards == 1 ? "its shard is" : "all of its " + shards + " shards are") + " at the limit",
                    (onDemand
                                    ? "on demand the service adds some by itself, within minutes"
                                    : "give it more (penstock streams reshard " + stream + " " + 2 * shards + ")")
                            + ", or, where records are small, aggregate: true in its route");
        }
        return new Explanation(
                ConditionName.THROTTLED,
                strained.get(0).range().id() + (strainedShards > 1 ? " and " + (strainedShards - 1) + " more" : "")
                        + " of its " + shards + " shards " + (strainedShards > 1 ? "are" : "is") + " at the limit",
                (onDemand
                                ? "on demand the service splits it by itself, within minutes"
                                : "split (penstock streams split " + stream + " "
                                        + strained.get(0).range().id() + ")")
                        + ", or use a partition key that spreads better");
    }

    private Explanation ofRate() {
        double bytes = slot.bytesPerSecond();
        String text = bytes >= MEBIBYTE
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / MEBIBYTE)
                : String.format(Locale.ROOT, "%.0f KiB", bytes / 1024);
        return new Explanation(
                ConditionName.RATE_HELD,
                "held to its part of the target's max-rate of " + text + " a second",
                "raise max-rate, or give the stream a higher priority");
    }

    /** The report; empty if nothing slows the stream down. */
    Optional<Explanation> why() {
        return why;
    }

    /** The number of shards at their limit. */
    int strainedShards() {
        return strainedShards;
    }

    /** True if the target's maximum rate slows the stream down. */
    boolean byRate() {
        return why.isPresent() && strainedShards == 0;
    }
}
