package io.penstock.tools.demo;

import io.penstock.tools.demo.worker.ReadShard;
import io.penstock.tools.tail.TailClient;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** What the stream and the agent say of themselves, looked at each second. Thread-safe but for the looking. */
final class StreamWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamWatch.class);
    private static final Pattern THROTTLED =
            Pattern.compile("^penstock_engine_throttled_records_total ([0-9.eE+]+)$", Pattern.MULTILINE);
    private static final Pattern WAITING =
            Pattern.compile("^penstock_spool_events\\{[^}]*\\} ([0-9.eE+]+)$", Pattern.MULTILINE);
    private static final double ALL = Math.pow(2, 128);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final KinesisAsyncClient kinesis;
    private final URI metrics;
    private volatile List<ReadShard> shards = List.of();
    private volatile long throttled;
    private volatile long throttledBefore;
    private volatile long waiting;
    private volatile boolean agentAnswers;

    StreamWatch(DemoAgent agent) {
        this.kinesis = TailClient.create(Optional.of(agent.engine()), "us-east-1", Map.of());
        this.metrics = agent.admin().resolve("/metrics");
    }

    /** Looks once; what does not answer keeps its last figures. */
    void look() throws InterruptedException {
        try {
            shards = kinesis.listShards(request -> request.streamName(DemoSettings.STREAM)).join().shards().stream()
                    .map(StreamWatch::shard)
                    .toList();
        } catch (CompletionException away) {
            LOG.debug("The stream cannot be looked at", away);
        }
        try {
            String text = http.send(
                            HttpRequest.newBuilder(metrics)
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            long now = sum(THROTTLED, text);
            // The count begins anew with each start of the agent.
            throttled += now >= throttledBefore ? now - throttledBefore : now;
            throttledBefore = now;
            waiting = sum(WAITING, text);
            agentAnswers = true;
        } catch (IOException away) {
            agentAnswers = false;
        }
    }

    private static long sum(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        double sum = 0;
        while (matcher.find()) {
            sum += Double.parseDouble(matcher.group(1));
        }
        return Math.round(sum);
    }

    private static ReadShard shard(Shard shard) {
        return new ReadShard(
                shard.shardId(),
                Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                        .filter(Objects::nonNull)
                        .toList(),
                shard.sequenceNumberRange().endingSequenceNumber() == null,
                new BigInteger(shard.hashKeyRange().startingHashKey()).doubleValue() / ALL,
                new BigInteger(shard.hashKeyRange().endingHashKey()).doubleValue() / ALL);
    }

    /** All shards that the stream still has. */
    List<ReadShard> shards() {
        return shards;
    }

    /** Records that were refused because their shard had had its share, since the demonstration began. */
    long throttled() {
        return throttled;
    }

    /** Events that are on the agent's disk and not yet in the stream. */
    long waiting() {
        return waiting;
    }

    boolean agentAnswers() {
        return agentAnswers;
    }

    /** Makes the stream, and returns when it takes records. */
    void create(int shards) {
        kinesis.createStream(request -> request.streamName(DemoSettings.STREAM).shardCount(shards))
                .join();
        kinesis.waiter()
                .waitUntilStreamExists(request -> request.streamName(DemoSettings.STREAM))
                .join();
    }

    /** Splits a shard in the middle of its hash range. */
    void split(String shard) {
        Shard found = kinesis.listShards(request -> request.streamName(DemoSettings.STREAM)).join().shards().stream()
                .filter(each -> each.shardId().equals(shard))
                .findFirst()
                .orElseThrow();
        BigInteger from = new BigInteger(found.hashKeyRange().startingHashKey());
        BigInteger to = new BigInteger(found.hashKeyRange().endingHashKey());
        kinesis.splitShard(request -> request.streamName(DemoSettings.STREAM)
                        .shardToSplit(shard)
                        .newStartingHashKey(
                                from.add(to).add(BigInteger.ONE).shiftRight(1).toString()))
                .join();
    }

    @Override
    public void close() {
        kinesis.close();
    }
}
