package io.penstock.agent.target;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** The calls about streams rather than records, through the SDK's client. Any thread. */
final class ControlCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ControlCalls.class);
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    private static final Duration ACTIVE_POLL = Duration.ofMillis(200);
    private static final int MOST_POLLS = 300;

    private final KinesisAsyncClient client;
    private final ClockSkew skew;

    /** @param skew of this client alone, which signs by the endpoint's time, too, once a call was refused for its own */
    ControlCalls(KinesisAsyncClient client, ClockSkew skew) {
        this.client = client;
        this.skew = skew;
    }

    void shards(String stream, Consumer<ShardsOutcome> answer) {
        List<Shard> open = new ArrayList<>();
        ListShardsRequest first = ListShardsRequest.builder()
                .streamName(stream)
                .shardFilter(filter -> filter.type(ShardFilterType.AT_LATEST))
                .build();
        page(first, open)
                .whenComplete((done, failure) ->
                        answer.accept(failure == null ? new ShardsOutcome.Known(ShardMap.of(open)) : unknown(failure)));
    }

    private CompletableFuture<Void> page(ListShardsRequest request, List<Shard> open) {
        return client.listShards(request).thenCompose(response -> {
            collect(response, open);
            String next = response.nextToken();
            return next == null
                    ? CompletableFuture.<Void>completedFuture(null)
                    : page(ListShardsRequest.builder().nextToken(next).build(), open);
        });
    }

    /** Endpoints that do not know the filter list closed shards too: those have an ending sequence number. */
    private static void collect(ListShardsResponse response, List<Shard> open) {
        for (software.amazon.awssdk.services.kinesis.model.Shard shard : response.shards()) {
            if (shard.sequenceNumberRange() == null
                    || shard.sequenceNumberRange().endingSequenceNumber() == null) {
                open.add(new Shard(
                        shard.shardId(),
                        Hash128.parse(shard.hashKeyRange().startingHashKey()),
                        Hash128.parse(shard.hashKeyRange().endingHashKey())));
            }
        }
    }

    void summary(String stream, Consumer<StreamSummary> answer) {
        CompletableFuture<Void> unused = client.describeStreamSummary(request -> request.streamName(stream))
                .thenApply(response -> summary(response.streamDescriptionSummary()))
                .exceptionally(denied -> StreamSummary.UNKNOWN)
                .thenAccept(answer);
    }

    /** Endpoints that are older than a member leave it out. */
    private static StreamSummary summary(StreamDescriptionSummary said) {
        int size = said.maxRecordSizeInKiB() == null ? 0 : said.maxRecordSizeInKiB() << 10;
        StreamMode mode = said.streamModeDetails() == null
                ? null
                : said.streamModeDetails().streamMode();
        if (mode == StreamMode.ON_DEMAND) {
            return new StreamSummary(size, StreamSummary.Mode.ON_DEMAND);
        }
        return new StreamSummary(
                size, mode == StreamMode.PROVISIONED ? StreamSummary.Mode.PROVISIONED : StreamSummary.Mode.UNKNOWN);
    }

    void create(String stream, AutoCreate how, Consumer<ShardsOutcome> answer) {
        CompletableFuture<Void> unused = client.createStream(request -> request.streamName(stream)
                        .shardCount(how.onDemand() ? null : how.shards())
                        .tags(how.tags().isEmpty() ? null : how.tags())
                        .streamModeDetails(mode ->
                                mode.streamMode(how.onDemand() ? StreamMode.ON_DEMAND : StreamMode.PROVISIONED)))
                .handle((made, failure) -> {
                    if (failure != null && !(root(failure) instanceof ResourceInUseException)) {
                        throw new CompletionException(root(failure));
                    }
                    return made;
                })
                .thenCompose(made -> untilActive(stream, MOST_POLLS)
                        .thenCompose(active -> made == null ? DONE : retain(stream, how.retention())))
                .whenComplete((active, failure) -> {
                    if (failure == null) {
                        shards(stream, answer);
                    } else {
                        answer.accept(unknown(failure));
                    }
                });
    }

    /** The stream is there and takes records, whether or not it may be told how long to keep them. */
    private CompletableFuture<Void> retain(String stream, Duration retention) {
        if (retention.equals(AutoCreate.DEFAULT_RETENTION)) {
            return DONE;
        }
        return client.increaseStreamRetentionPeriod(
                        request -> request.streamName(stream).retentionPeriodHours((int) retention.toHours()))
                .handle((kept, failure) -> {
                    if (failure != null) {
                        LOG.error(
                                "Stream {} was made, but keeps its records for 24 hours only: {}",
                                stream,
                                root(failure).getMessage());
                    }
                    return null;
                });
    }

    private CompletableFuture<Void> untilActive(String stream, int polls) {
        return client.describeStreamSummary(request -> request.streamName(stream))
                .thenCompose(response -> {
                    StreamStatus status = response.streamDescriptionSummary().streamStatus();
                    if (status == StreamStatus.ACTIVE || status == StreamStatus.UPDATING) {
                        return CompletableFuture.<Void>completedFuture(null);
                    }
                    if (polls == 0) {
                        throw new CompletionException(
                                new IllegalStateException("stream " + stream + " is still " + status));
                    }
                    Executor later = CompletableFuture.delayedExecutor(ACTIVE_POLL.toMillis(), TimeUnit.MILLISECONDS);
                    return CompletableFuture.supplyAsync(() -> polls - 1, later)
                            .thenCompose(left -> untilActive(stream, left));
                });
    }

    private ShardsOutcome unknown(Throwable failure) {
        Throwable root = root(failure);
        if (root instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            AwsErrorDetails error = service.awsErrorDetails();
            if (skew.correct(error.errorCode(), error.sdkHttpResponse().firstMatchingHeader("Date"))) {
                return new ShardsOutcome.Unknown(FaultRules.wrongClock());
            }
            String message = error.errorMessage();
            return new ShardsOutcome.Unknown(
                    FaultRules.ofAnswer(service.statusCode(), error.errorCode(), message == null ? "" : message));
        }
        return new ShardsOutcome.Unknown(FaultRules.ofException(failure));
    }

    private static Throwable root(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
