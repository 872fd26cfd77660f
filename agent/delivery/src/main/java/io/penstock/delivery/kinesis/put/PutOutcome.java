package io.penstock.delivery.kinesis.put;

import io.penstock.delivery.kinesis.fault.Fault;
import java.util.List;

/** How a {@link PutCall} ended. */
public sealed interface PutOutcome {
    /**
     * The endpoint took the call and says what became of each entry, in their order.
     *
     * @param ordered the endpoint kept the promise of {@link PutCall#askOrdered()}
     */
    record Answered(List<EntryOutcome> entries, boolean ordered) implements PutOutcome {}

    /** No entry was stored, or none is known to be. */
    record Failed(Fault fault) implements PutOutcome {}

    /** What became of one entry. */
    sealed interface EntryOutcome {}

    /** It is in the stream. */
    record Stored(String shardId) implements EntryOutcome {}

    /** It is not in the stream. */
    record NotStored(Fault fault) implements EntryOutcome {}

    /**
     * The answer does not say: the record may be in the stream.
     *
     * @param detail what the answer says instead, for people
     */
    record Unclear(String detail) implements EntryOutcome {}
}
