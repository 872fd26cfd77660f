package io.penstock.engine.stream;

/** Where reading begins, as GetShardIterator and SubscribeToShard specify it. */
public sealed interface StartingPosition {
    record AtSequenceNumber(String sequenceNumber) implements StartingPosition {}

    record AfterSequenceNumber(String sequenceNumber) implements StartingPosition {}

    record TrimHorizon() implements StartingPosition {}

    record Latest() implements StartingPosition {}

    /** The first record stored at or after this time, in epoch milliseconds. */
    record AtTimestamp(long epochMillis) implements StartingPosition {}
}
