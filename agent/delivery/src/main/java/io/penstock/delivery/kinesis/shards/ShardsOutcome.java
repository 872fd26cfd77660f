package io.penstock.delivery.kinesis.shards;

import io.penstock.delivery.kinesis.fault.Fault;

/** What asking for a stream's shards brought. */
public sealed interface ShardsOutcome {
    record Known(ShardMap map) implements ShardsOutcome {}

    record Unknown(Fault fault) implements ShardsOutcome {}
}
