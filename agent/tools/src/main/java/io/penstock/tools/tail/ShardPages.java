package io.penstock.tools.tail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** All shards that a stream has, closed ones too, page by page. One use; no two threads at a time. */
public final class ShardPages {
    private static final int MOST_PAGES = 1_000;

    private final KinesisAsyncClient client;
    private final List<Shard> all = new ArrayList<>();
    private final Set<String> tokens = new HashSet<>();

    private ShardPages(KinesisAsyncClient client) {
        this.client = client;
    }

    /** Fails with an {@link IllegalStateException} if the list has no end, or a shard has no name. */
    public static CompletableFuture<List<Shard>> of(KinesisAsyncClient client, String stream) {
        ShardPages pages = new ShardPages(client);
        return client.listShards(request -> request.streamName(stream)).thenCompose(pages::read);
    }

    private CompletableFuture<List<Shard>> read(ListShardsResponse page) {
        for (Shard shard : page.shards()) {
            if (shard.shardId() == null) {
                throw new IllegalStateException("the list of shards has one without ShardId");
            }
            all.add(shard);
        }
        String next = page.nextToken();
        if (next == null || next.isEmpty()) {
            return CompletableFuture.completedFuture(all);
        }
        if (!tokens.add(next)) {
            throw new IllegalStateException(
                    "the list of shards leads back to a page that was there before (NextToken)");
        }
        if (tokens.size() == MOST_PAGES) {
            throw new IllegalStateException("the list of shards has more than " + MOST_PAGES + " pages");
        }
        // A token stands in place of the stream's name (API reference, ListShards, NextToken).
        return client.listShards(request -> request.nextToken(next)).thenCompose(this::read);
    }
}
