package io.penstock.delivery.kinesis;

import io.penstock.delivery.kinesis.shards.ShardsOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for an endpoint's answer about a stream's shards. */
final class ListedShards {
    private ListedShards() {}

    static ShardsOutcome of(KinesisEndpoint endpoint) throws Exception {
        CompletableFuture<ShardsOutcome> outcome = new CompletableFuture<>();
        endpoint.shards("sensors", outcome::complete);
        return outcome.get(30, TimeUnit.SECONDS);
    }
}
