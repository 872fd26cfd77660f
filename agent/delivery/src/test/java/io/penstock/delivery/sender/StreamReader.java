package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.penstock.engine.StreamEngine;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** Reads whole streams with the AWS SDK, parents before children, and deaggregates Kinesis records as the KCL does. */
final class StreamReader implements AutoCloseable {
    private static final AggregatorUtil KCL = new AggregatorUtil();

    private final EventLoopGroup loops = loops();
    private final KinesisAsyncClient client;

    /** A record as a consumer gets it. */
    record Read(String key, String data) {}

    StreamReader(StreamEngine engine) {
        client = KinesisAsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new)))
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + engine.address().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("reader", "reader")))
                .build();
    }

    /** Stops at once when closed; the SDK's default loops take two seconds. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup loops() {
        return new NioEventLoopGroup(1);
    }

    void createOnDemand(String stream) {
        client.createStream(request ->
                        request.streamName(stream).streamModeDetails(mode -> mode.streamMode(StreamMode.ON_DEMAND)))
                .join();
    }

    int shards(String stream) {
        return client.describeStreamSummary(request -> request.streamName(stream))
                .join()
                .streamDescriptionSummary()
                .openShardCount();
    }

    /** The number of shards, including closed ones. */
    int allShards(String stream) {
        return client.listShards(request -> request.streamName(stream))
                .join()
                .shards()
                .size();
    }

    void reshard(String stream, int count) {
        client.updateShardCount(request ->
                        request.streamName(stream).targetShardCount(count).scalingType("UNIFORM_SCALING"))
                .join();
    }

    /** Reads the shards in order of creation, so that a child's records follow its parents'. */
    List<Read> readAll(String stream) {
        List<Read> all = new ArrayList<>();
        for (Shard shard :
                client.listShards(request -> request.streamName(stream)).join().shards()) {
            readShard(stream, shard.shardId(), all);
        }
        return all;
    }

    private void readShard(String stream, String shard, List<Read> all) {
        String iterator = client.getShardIterator(request ->
                        request.streamName(stream).shardId(shard).shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .join()
                .shardIterator();
        while (iterator != null) {
            String from = iterator;
            GetRecordsResponse response =
                    client.getRecords(request -> request.shardIterator(from)).join();
            KCL.deaggregate(response.records().stream()
                            .map(KinesisClientRecord::fromRecord)
                            .toList())
                    .forEach(record -> all.add(new Read(
                            record.partitionKey(),
                            StandardCharsets.UTF_8
                                    .decode(record.data().duplicate())
                                    .toString())));
            boolean end = response.records().isEmpty()
                    && response.millisBehindLatest() != null
                    && response.millisBehindLatest() == 0;
            iterator = end ? null : response.nextShardIterator();
        }
    }

    static Map<String, List<String>> byKey(List<Read> read) {
        Map<String, List<String>> keys = new LinkedHashMap<>();
        read.forEach(each ->
                keys.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each.data()));
        return keys;
    }

    /** Each record at its first occurrence. */
    static List<Read> firstOfEach(List<Read> read) {
        Set<Read> seen = new HashSet<>();
        return read.stream().filter(seen::add).toList();
    }

    /** The data of a key's records are numbers that must rise. */
    static void assertOrdered(List<Read> read) {
        byKey(read).forEach((key, data) -> {
            List<Integer> numbers = data.stream().map(Integer::valueOf).toList();
            assertEquals(numbers.stream().sorted().toList(), numbers, "order of " + key);
        });
    }

    @Override
    public void close() {
        client.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
