package io.penstock.delivery.kinesis.shards;

import io.penstock.delivery.kinesis.fault.Fault;

/** The result of a request for a stream's shards. */
public sealed interface ShardsOutcome {
    record Known(ShardMap map) implements ShardsOutcome {}

    record Unknown(Fault fault) implements ShardsOutcome {}
}
