package io.penstock.tools.tail;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads one shard from its start to its end: one call at a time, pausing when there is nothing, so that it stays under
 * the five reads per second that a shard allows (API reference, GetRecords). The tail's thread.
 */
final class ShardReader {
    private static final Duration IDLE_PAUSE = Duration.ofMillis(250);

    private final String shard;
    private final Tail.Start start;
    private final ReadCalls calls;
    private final Owner owner;
    private String lastSequenceNumber = "";
    private boolean caughtUp;

    /** What a reader needs of its tail. */
    interface Owner {
        /** Hands on one record; false when no more are wanted. */
        boolean record(Tail.Record record);

        /** The shard has no more now. */
        void caughtUp();

        /** The shard is read to its end. */
        void ended(String shard, GetRecordsResponse last);

        Calling calling();
    }

    ShardReader(String shard, Tail.Start start, ReadCalls calls, Owner owner) {
        this.shard = shard;
        this.start = start;
        this.calls = calls;
        this.owner = owner;
    }

    /** True once the reader has been at the shard's end; more records may have come since then. */
    boolean isCaughtUp() {
        return caughtUp;
    }

    void begin() {
        owner.calling()
                .call(
                        () -> lastSequenceNumber.isEmpty()
                                ? calls.iterator(shard, start)
                                : calls.iteratorAfter(shard, lastSequenceNumber),
                        this::read,
                        failure -> false);
    }

    private void read(String iterator) {
        owner.calling().call(() -> calls.records(iterator), this::took, failure -> {
            boolean expired = failure instanceof ExpiredIteratorException;
            if (expired) {
                owner.calling().later(IDLE_PAUSE, this::begin);
            }
            return expired;
        });
    }

    private void took(GetRecordsResponse answer) {
        for (Record record : answer.records()) {
            lastSequenceNumber = record.sequenceNumber();
            Instant arrived = record.approximateArrivalTimestamp();
            boolean more = owner.record(new Tail.Record(
                    shard,
                    record.sequenceNumber(),
                    record.partitionKey(),
                    arrived == null ? Instant.EPOCH : arrived,
                    record.data().asByteArray()));
            if (!more) {
                return;
            }
        }
        String next = answer.nextShardIterator();
        if (isEnd(next)) {
            owner.ended(shard, answer);
            return;
        }
        Long behind = answer.millisBehindLatest();
        boolean atEnd = behind == null ? answer.records().isEmpty() : behind == 0;
        if (atEnd) {
            caughtUp = true;
            owner.caughtUp();
        }
        if (answer.records().isEmpty() || atEnd) {
            owner.calling().later(IDLE_PAUSE, () -> read(next));
        } else {
            read(next);
        }
    }

    /** A closed shard's last answer has no next iterator; some stubs write the word. */
    private static boolean isEnd(@Nullable String next) {
        return next == null || next.isEmpty() || next.equals("null");
    }
}
