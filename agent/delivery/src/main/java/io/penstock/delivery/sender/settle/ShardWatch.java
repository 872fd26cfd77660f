package io.penstock.delivery.sender.settle;

import io.penstock.base.condition.Explanation;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.kinesis.Endpoint;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import io.penstock.delivery.kinesis.shards.StreamSummary;
import io.penstock.delivery.sender.schedule.Lanes;
import io.penstock.delivery.spool.StreamId;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks a stream's shard map, maximum record size and mode. They are requested before the first call, after evidence
 * of a reshard, and every few minutes while there is traffic. Creates a missing stream if that is allowed. Without
 * permission to list shards, the stream is treated as one shard. {@code answers} passes replies to it.
 */
@OwnedBy(ThreadRole.SENDER)
public final class ShardWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ShardWatch.class);
    private static final long SOONEST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofSeconds(30).toNanos();
    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    /** The service's default (API reference, PutRecord), in bytes. */
    public static final int DEFAULT_MAX_RECORD = 1 << 20;

    private static final long BY_TIME = Duration.ofMinutes(5).toNanos();

    private final StreamId stream;
    private final Endpoint endpoint;
    private final AutoCreate autoCreate;
    private final Lanes lanes;
    private final Health health;
    private final LongSupplier clock;
    private final Consumer<Runnable> answers;

    // What is known of the stream; the volatile fields are read by any thread.
    private boolean settled;
    private volatile int maxRecordBytes;
    private volatile StreamSummary.Mode mode = StreamSummary.Mode.UNKNOWN;

    private boolean spreads;

    private volatile boolean absent;

    // For the request that is out.
    private boolean asking;
    private long askedAt;
    private boolean askingSummary;
    private boolean creating;

    // Until the next request.
    private boolean evidence;
    private long pause = SOONEST;
    private long nextByEvidence;
    private long nextByTime;
    private long nextSummary;

    public ShardWatch(
            StreamId stream,
            Endpoint endpoint,
            AutoCreate autoCreate,
            Lanes lanes,
            Health health,
            LongSupplier clock,
            Consumer<Runnable> answers,
            int maxRecordBytes) {
        this.stream = stream;
        this.endpoint = endpoint;
        this.autoCreate = autoCreate;
        this.lanes = lanes;
        this.health = health;
        this.clock = clock;
        this.answers = answers;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** True if calls may be sent: the stream exists, by present knowledge. */
    public boolean settled() {
        return settled && !creating;
    }

    public boolean creating() {
        return creating;
    }

    /** When the request was made that has no answer yet, if nothing is sent until it has; empty without one. */
    public OptionalLong waitsSince() {
        return asking && !settled ? OptionalLong.of(askedAt) : OptionalLong.empty();
    }

    /** True if the stream does not exist, by present knowledge, and is not made by the sender. Any thread. */
    public boolean absent() {
        return absent;
    }

    /** The largest record that the stream takes, by present knowledge. Any thread. */
    public int maxRecordBytes() {
        return maxRecordBytes;
    }

    /** The stream's capacity mode, by present knowledge. Any thread. */
    public StreamSummary.Mode mode() {
        return mode;
    }

    /** True if the stream ignores partition keys, by present knowledge. */
    public boolean spreads() {
        return spreads;
    }

    /**
     * Requests the maximum record size, so that a larger record is refused before it is accepted, the mode, and whether
     * keys count. Values that are not reported stay as they are.
     */
    public void askSummary() {
        if (askingSummary) {
            return;
        }
        askingSummary = true;
        endpoint.summary(
                stream.stream(),
                summary -> answers.accept(() -> {
                    askingSummary = false;
                    maxRecordBytes = summary.maxRecordBytes() > 0 ? summary.maxRecordBytes() : maxRecordBytes;
                    if (summary.mode() != StreamSummary.Mode.UNKNOWN) {
                        mode = summary.mode();
                        spreads(summary.spreads());
                    }
                }));
    }

    private void spreads(boolean now) {
        if (now != spreads) {
            LOG.info(
                    now
                            ? "Stream {} spreads records over its shards and ignores partition keys: it has no order per"
                                    + " key"
                            : "Stream {} stores records by their partition keys again, in order per key",
                    stream);
        }
        spreads = now;
        if (now) {
            nextByTime = Math.min(nextByTime, clock.getAsLong() + LONGEST);
        }
    }

    /**
     * A record was stored in another shard than predicted when it was sent: the shards have changed, or keys no longer
     * count.
     */
    void sawOtherShard(String shardId, long now) {
        if (!lanes.map().known()) {
            return;
        }
        if (!lanes.map().contains(shardId)) {
            evidence = true;
        } else if (now >= nextSummary) {
            nextSummary = now + LONGEST;
            askSummary();
        }
    }

    /** True if a record was stored in a shard that the map does not have. */
    public boolean sawReshard() {
        return evidence;
    }

    /**
     * Sends the requests that are due. To be called only while there are records to send, or after evidence of a
     * reshard.
     */
    public void poll() {
        if (asking || creating) {
            return;
        }
        long time = clock.getAsLong();
        boolean due = !settled
                ? health.callsAllowed(time, 1) > 0
                : (evidence && time >= nextByEvidence) || time >= nextByTime;
        if (due) {
            asking = true;
            askedAt = time;
            endpoint.shards(stream.stream(), outcome -> answers.accept(() -> answered(outcome, clock.getAsLong())));
        }
    }

    /** When {@link #poll} is due by time alone, while there are records to send. */
    public long due() {
        if (asking || creating || !settled) {
            return Long.MAX_VALUE;
        }
        return evidence ? Math.min(nextByEvidence, nextByTime) : nextByTime;
    }

    /** A call or a request reported that the stream does not exist. */
    void missing(Explanation why) {
        if (creating) {
            return;
        }
        if (!autoCreate.enabled()) {
            absent = true;
            health.park(
                    new Explanation(why.name(), why.sentence(), "create the stream, or mend its name in the routes"),
                    clock.getAsLong());
            return;
        }
        creating = true;
        log.info("missing", "Stream " + stream + " is missing and is made " + autoCreate.describe());
        endpoint.create(
                stream.stream(), autoCreate, outcome -> answers.accept(() -> created(outcome, clock.getAsLong())));
    }

    private void created(ShardsOutcome outcome, long now) {
        creating = false;
        if (outcome instanceof ShardsOutcome.Known known) {
            accept(known, now);
            health.retryNow();
        } else if (outcome instanceof ShardsOutcome.Unknown unknown) {
            refused("cannot be made: ", unknown.fault(), now);
        }
    }

    private void answered(ShardsOutcome outcome, long now) {
        asking = false;
        if (outcome instanceof ShardsOutcome.Known known) {
            accept(known, now);
            return;
        }
        Fault fault = ((ShardsOutcome.Unknown) outcome).fault();
        nextByEvidence = now + LONGEST;
        nextByTime = now + (lanes.map().known() ? BY_TIME : LONGEST);
        if (fault instanceof Fault.MissingStream) {
            settled = false;
            missing(fault.why());
        } else if (!settled && passes(fault)) {
            health.failed(fault.why(), now, now);
        } else if (!settled) {
            log.warn(
                    "unlisted",
                    "The shards of " + stream + " cannot be listed, so it is sent to as if it had one: "
                            + fault.detail());
            settled = true;
        }
    }

    private void accept(ShardsOutcome.Known known, long now) {
        askSummary();
        settled = true;
        absent = false;
        evidence = false;
        // A stream that ignores keys gives no sign when keys count again.
        nextByTime = now + (spreads ? LONGEST : BY_TIME);
        if (known.map().equals(lanes.map())) {
            pause = Math.min(LONGEST, pause * 2);
        } else {
            pause = SOONEST;
            lanes.replace(known.map(), now);
        }
        nextByEvidence = now + pause;
    }

    private static boolean passes(Fault fault) {
        return fault instanceof Fault.Unavailable || fault instanceof Fault.Throttled || fault instanceof Fault.Expired;
    }

    private void refused(String what, Fault fault, long now) {
        settled = false;
        if (passes(fault)) {
            health.failed(fault.why().after(what), now, now);
        } else {
            health.park(fault.why().after(what), now);
        }
    }
}
