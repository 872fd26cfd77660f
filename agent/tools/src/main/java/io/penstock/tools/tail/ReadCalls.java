package io.penstock.tools.tail;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The calls that following a stream takes. Any thread. */
final class ReadCalls {
    /** The service answers with 10 MiB at the most; fewer records keep one answer small (API reference, GetRecords). */
    private static final int RECORDS = 1_000;

    private final KinesisAsyncClient client;
    private final String stream;

    ReadCalls(KinesisAsyncClient client, String stream) {
        this.client = client;
        this.stream = stream;
    }

    /** All shards that the stream has, closed ones too, page by page. */
    CompletableFuture<List<Shard>> shards() {
        return ShardPages.of(client, stream);
    }

    CompletableFuture<String> iterator(String shard, Tail.Start start) {
        GetShardIteratorRequest.Builder request =
                GetShardIteratorRequest.builder().streamName(stream).shardId(shard);
        if (start instanceof Tail.Start.At at) {
            request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(at.time());
        } else if (start instanceof Tail.Start.Now) {
            request.shardIteratorType(ShardIteratorType.LATEST);
        } else {
            request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
        }
        return client.getShardIterator(request.build()).thenApply(answer -> answer.shardIterator());
    }

    CompletableFuture<String> iteratorAfter(String shard, String sequenceNumber) {
        return client.getShardIterator(request -> request.streamName(stream)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                        .startingSequenceNumber(sequenceNumber))
                .thenApply(answer -> answer.shardIterator());
    }

    CompletableFuture<GetRecordsResponse> records(String iterator) {
        return client.getRecords(request -> request.shardIterator(iterator).limit(RECORDS));
    }
}
