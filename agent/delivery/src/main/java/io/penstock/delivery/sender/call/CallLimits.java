package io.penstock.delivery.sender.call;

import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.time.Duration;

/**
 * Limits of the calls of one stream.
 *
 * @param maxRecords records per call (500 for PutRecords: API reference)
 * @param maxBytes data and partition keys per call
 * @param aggregateBytes data and partition key of an aggregated Kinesis record
 * @param maxCalls calls in flight
 * @param askOrdered true to ask the endpoint to keep the order of a key within a call
 * @param timeoutNanos after which an unanswered call counts as unknown
 */
public record CallLimits(
        int maxRecords,
        long maxBytes,
        int aggregateBytes,
        int maxCalls,
        boolean askOrdered,
        long lingerNanos,
        long timeoutNanos) {
    /** The KPL's default. */
    public static final int AGGREGATE_BYTES = 50 << 10;

    private static final int PUT_RECORDS = 500;
    private static final int BATCHES_OUT = 8;
    private static final int SINGLES_OUT = 64;
    /**
     * Bounds of a call if the target has a maximum rate. Upper bound: one second's worth of the rate. Lower bound: this
     * size, below which the per-call cost dominates.
     */
    private static final int LEAST_BYTES = 64 << 10;

    /**
     * Calls share the memory of the senders: the smallest number of full calls that it holds. In a small heap the records
     * of one call may not take all of it, because each call is copied for the network, and by an embedded engine again.
     */
    private static final int CALLS_IN_MEMORY = 4;

    private static final Duration GRACE = Duration.ofSeconds(5);

    /** @param memory bytes of records that the sender may hold */
    public static CallLimits of(TargetSettings target, long memory) {
        int most = (int) Math.min(target.bounds().maxCallBytes(), Math.max(LEAST_BYTES, memory / CALLS_IN_MEMORY));
        long bytes =
                (long) Math.min(most, Math.max(LEAST_BYTES, target.sending().rate()));
        int aggregate = Math.min(AGGREGATE_BYTES, most);
        long timeout = target.bounds().callTimeout().plus(GRACE).toNanos();
        if (target.sending().api() == TargetSettings.Api.PUT_RECORD) {
            return new CallLimits(1, bytes, aggregate, SINGLES_OUT, false, 0, timeout);
        }
        boolean ask = target.sending().ordering() == TargetSettings.Ordering.PER_KEY
                && target.address() instanceof TargetAddress.Url;
        return new CallLimits(
                PUT_RECORDS,
                bytes,
                aggregate,
                BATCHES_OUT,
                ask,
                target.sending().linger().toNanos(),
                timeout);
    }

    /**
     * The limits of a call that only tests whether the endpoint works again: one Kinesis record, so that a long outage
     * costs little.
     */
    CallLimits probe() {
        return new CallLimits(1, maxBytes, aggregateBytes, maxCalls, askOrdered, lingerNanos, timeoutNanos);
    }
}
