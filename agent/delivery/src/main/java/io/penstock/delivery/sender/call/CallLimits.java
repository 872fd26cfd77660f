package io.penstock.delivery.sender.call;

import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.time.Duration;

/**
 * Bounds of the calls of one stream.
 *
 * @param maxRecords records per call (500 for PutRecords: API reference)
 * @param maxBytes data and partition keys per call
 * @param aggregateBytes data and partition key of a Kinesis record that carries several
 * @param maxCalls calls out at once
 * @param askOrdered whether to ask the endpoint to keep the order of a key within a call
 * @param timeoutNanos when a call that nobody answered counts as unknown
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
    public static final int AGGREGATE_BYTES = 51_200;

    private static final int PUT_RECORDS = 500;
    private static final int BATCHES_OUT = 8;
    private static final int SINGLES_OUT = 64;
    /**
     * Where the target's rate is low, a call takes no more than a second of it; but less than this is not worth a call.
     */
    private static final int LEAST_BYTES = 64 << 10;

    private static final Duration GRACE = Duration.ofSeconds(5);

    public static CallLimits of(TargetSettings target) {
        int most = target.bounds().maxCallBytes();
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
     * Those of a call that only finds out whether the endpoint is well again: one Kinesis record, so that days cost
     * little.
     */
    CallLimits probe() {
        return new CallLimits(1, maxBytes, aggregateBytes, maxCalls, askOrdered, lingerNanos, timeoutNanos);
    }
}
