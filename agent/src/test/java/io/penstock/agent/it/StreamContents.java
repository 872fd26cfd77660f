package io.penstock.agent.it;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Reads whole streams with the AWS SDK for Java (CBOR over h2c). */
final class StreamContents implements AutoCloseable {
    private final KinesisAsyncClient client;

    StreamContents(URI endpoint) {
        client = KinesisAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    KinesisAsyncClient client() {
        return client;
    }

    /** Every record, shard after shard, each in order; empty while there is no such stream, or it is being made. */
    List<Record> of(String stream) {
        List<Record> records = new ArrayList<>();
        try {
            for (Shard shard :
                    client.listShards(r -> r.streamName(stream)).join().shards()) {
                read(stream, shard, records);
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof ResourceNotFoundException || e.getCause() instanceof ResourceInUseException) {
                return List.of();
            }
            throw e;
        }
        return records;
    }

    private void read(String stream, Shard shard, List<Record> into) {
        String iterator = client.getShardIterator(r ->
                        r.streamName(stream).shardId(shard.shardId()).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .join()
                .shardIterator();
        while (iterator != null) {
            String from = iterator;
            GetRecordsResponse page =
                    client.getRecords(r -> r.shardIterator(from)).join();
            into.addAll(page.records());
            if (page.records().isEmpty() && page.millisBehindLatest() == 0) {
                return;
            }
            iterator = page.nextShardIterator();
        }
    }

    /** The records' data as text. */
    List<String> texts(String stream) {
        return of(stream).stream().map(r -> r.data().asUtf8String()).toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
