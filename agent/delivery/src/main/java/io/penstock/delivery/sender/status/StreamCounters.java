package io.penstock.delivery.sender.status;

import java.util.concurrent.atomic.LongAdder;

/** Counts the results of one stream's records since the start. Written by the sender's thread, read by any. */
public final class StreamCounters {
    public final LongAdder delivered = new LongAdder();
    public final LongAdder kinesisRecords = new LongAdder();
    public final LongAdder kinesisBytes = new LongAdder();
    public final LongAdder units = new LongAdder();
    public final LongAdder unitsAlone = new LongAdder();
    public final LongAdder kibibytes = new LongAdder();
    public final LongAdder kibibytesAlone = new LongAdder();
    public final LongAdder deliveredBytes = new LongAdder();
    public final LongAdder calls = new LongAdder();
    public final LongAdder throttled = new LongAdder();
    public final LongAdder retried = new LongAdder();
    public final LongAdder possibleDuplicates = new LongAdder();
    public final LongAdder deadLetters = new LongAdder();
    public final LongAdder brokenPromises = new LongAdder();
    public final LongAdder passes = new LongAdder();
    public final LongAdder rebuilt = new LongAdder();
    public final Causes retriedFor = new Causes();
    public final Reasons refusedFor = new Reasons();

    public StreamStatus.Delivered stored() {
        return new StreamStatus.Delivered(
                delivered.sum(), deliveredBytes.sum(), kinesisRecords.sum(), kinesisBytes.sum(), units.sum());
    }

    /** @param onDisk letters in the file */
    public StreamStatus.DeadLetters deadLetters(long onDisk) {
        return new StreamStatus.DeadLetters(deadLetters.sum(), onDisk, refusedFor.latest());
    }

    public StreamStatus.Effort effort() {
        return new StreamStatus.Effort(
                calls.sum(),
                passes.sum(),
                throttled.sum(),
                retried.sum(),
                possibleDuplicates.sum(),
                brokenPromises.sum(),
                rebuilt.sum(),
                retriedFor.above());
    }
}
