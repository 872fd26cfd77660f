package io.penstock.it;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** Reads whole streams with the AWS SDK for Java (CBOR over h2c). */
public final class StreamContents implements AutoCloseable {
    private final EventLoopGroup loop = loop();
    private final KinesisAsyncClient client;

    public StreamContents(URI endpoint) {
        this(endpoint, "local", "local");
    }

    StreamContents(URI endpoint, String accessKeyId, String secret) {
        client = KinesisAsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .eventLoopGroup(SdkEventLoopGroup.create(loop, NioSocketChannel::new)))
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKeyId, secret)))
                .build();
    }

    /** Ends at once when closed; the SDK's own takes two seconds. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup loop() {
        return new NioEventLoopGroup(1);
    }

    KinesisAsyncClient client() {
        return client;
    }

    String arn(String stream) {
        return summary(stream).streamARN();
    }

    /** Whether it is neither being made nor changed. */
    boolean active(String stream) {
        return summary(stream).streamStatus() == StreamStatus.ACTIVE;
    }

    private StreamDescriptionSummary summary(String stream) {
        return client.describeStreamSummary(r -> r.streamName(stream)).join().streamDescriptionSummary();
    }

    /** Every record, shard after shard, each in order; empty while there is no such stream, or it is being made. */
    public List<Record> of(String stream) {
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

    /** As {@link #texts}, Kinesis records taken apart as the KCL does. */
    List<String> userTexts(String stream) {
        List<KinesisClientRecord> records =
                of(stream).stream().map(KinesisClientRecord::fromRecord).toList();
        return new AggregatorUtil()
                .deaggregate(records).stream()
                        .map(each -> StandardCharsets.UTF_8
                                .decode(each.data().duplicate())
                                .toString())
                        .toList();
    }

    @Override
    public void close() {
        client.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
