package io.penstock.delivery.kinesis.put;

import io.penstock.delivery.kinesis.fault.Fault;
import java.util.List;

/** The result of a {@link PutCall}. */
public sealed interface PutOutcome {
    /**
     * The endpoint accepted the call and reports a result for each entry, in order.
     *
     * @param ordered true if the endpoint kept the order that {@link PutCall#askOrdered()} requested
     */
    record Answered(List<EntryOutcome> entries, boolean ordered) implements PutOutcome {}

    /** No entry was stored, or none is known to be stored. */
    record Failed(Fault fault) implements PutOutcome {}

    /** The result of one entry. */
    sealed interface EntryOutcome {}

    /**
     * The record is in the stream.
     *
     * @param sequenceNumber empty if the entry does not want it
     */
    record Stored(String shardId, String sequenceNumber) implements EntryOutcome {
        public Stored(String shardId) {
            this(shardId, "");
        }
    }

    /** The record is not in the stream. */
    record NotStored(Fault fault) implements EntryOutcome {}

    /**
     * The answer does not say: the record may be in the stream.
     *
     * @param detail what the answer says instead, for messages
     */
    record Unclear(String detail) implements EntryOutcome {}
}
