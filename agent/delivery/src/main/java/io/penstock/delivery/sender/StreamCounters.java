package io.penstock.delivery.sender;

import java.util.concurrent.atomic.LongAdder;

/** What became of one stream's records since the start. Written by the sender's thread, read by any. */
final class StreamCounters {
    final LongAdder delivered = new LongAdder();
    final LongAdder kinesisRecords = new LongAdder();
    final LongAdder kinesisBytes = new LongAdder();
    final LongAdder units = new LongAdder();
    final LongAdder unitsAlone = new LongAdder();
    final LongAdder kibibytes = new LongAdder();
    final LongAdder kibibytesAlone = new LongAdder();
    final LongAdder deliveredBytes = new LongAdder();
    final LongAdder calls = new LongAdder();
    final LongAdder throttled = new LongAdder();
    final LongAdder retried = new LongAdder();
    final LongAdder possibleDuplicates = new LongAdder();
    final LongAdder deadLetters = new LongAdder();
    final LongAdder brokenPromises = new LongAdder();
    final LongAdder passes = new LongAdder();
    final LongAdder rebuilt = new LongAdder();
}
