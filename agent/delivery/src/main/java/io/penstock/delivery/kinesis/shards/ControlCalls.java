package io.penstock.delivery.kinesis.shards;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultException;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.http.HttpAnswer;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls about streams rather than records. Any thread. Each future completes within {@link #longestListing} or
 * {@link #longestCreation}, whatever the endpoint answers: answers are bounded, and any member may be missing. If a
 * future fails, {@link #faultOf} gives the fault.
 */
public final class ControlCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ControlCalls.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    private static final Duration ACTIVE_POLL = Duration.ofMillis(200);
    private static final Duration LISTING = Duration.ofSeconds(30);
    /**
     * The number of calls, each with a wait for credentials, that may still end after the time for listing or creation.
     */
    private static final int MOST_CALLS = 6;

    private static final Duration BECOMING_ACTIVE = Duration.ofMinutes(1);
    /** Upper bound of answers about one stream, in bytes. */
    private static final int ANSWER_BYTES = 64 << 10;

    private static final int LARGEST_RECORD_KIB = 10 << 10;

    private final Transport transport;
    private final Duration callTimeout;
    private final LongSupplier nanos;

    /** Returns the answer with status 200 to one call, or fails with a {@link FaultException}. */
    public interface Transport {
        /**
         * @param request the JSON object to send
         * @param mostBytes maximum size of the answer; a longer one fails
         */
        CompletableFuture<HttpAnswer> call(String operation, Map<String, ?> request, int mostBytes);
    }

    public ControlCalls(Transport transport, Duration callTimeout, LongSupplier nanos) {
        this.transport = transport;
        this.callTimeout = callTimeout;
        this.nanos = nanos;
    }

    /** Upper bound of the time for listing or describing a stream, including credentials. */
    public Duration longestListing() {
        return LISTING.plus(callTimeout.multipliedBy(MOST_CALLS));
    }

    /** Upper bound of the time for creating a stream, including listing its shards. */
    public Duration longestCreation() {
        return BECOMING_ACTIVE.plus(longestListing()).plus(callTimeout.multipliedBy(MOST_CALLS));
    }

    public CompletableFuture<ShardsOutcome> shards(String stream) {
        return new ShardListing(transport, stream, nanos, nanos.getAsLong() + LISTING.toNanos())
                .list()
                .thenApply(ShardsOutcome.Known::new);
    }

    public CompletableFuture<StreamSummary> summary(String stream) {
        return describe(stream).thenApply(ControlCalls::summary);
    }

    /** The member of the answer that holds the description; empty if it is missing. */
    private CompletableFuture<JsonNode> describe(String stream) {
        return transport
                .call("DescribeStreamSummary", Map.of("StreamName", stream), ANSWER_BYTES)
                .thenApply(answer -> read(answer).path("StreamDescriptionSummary"));
    }

    private static JsonNode read(HttpAnswer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException garbled) {
            throw new FaultException(FaultRules.unreadable(answer, new IOException("it is no JSON", garbled)));
        } catch (IOException garbled) {
            throw new FaultException(FaultRules.unreadable(answer, garbled));
        }
    }

    /** Members that an older endpoint does not know are missing; an impossible size is ignored. */
    private static StreamSummary summary(JsonNode said) {
        int kibibytes = said.path("MaxRecordSizeInKiB").asInt(0);
        boolean sane = kibibytes > 0 && kibibytes <= LARGEST_RECORD_KIB;
        return new StreamSummary(
                sane ? kibibytes << 10 : 0,
                switch (said.path("StreamModeDetails").path("StreamMode").asText()) {
                    case "ON_DEMAND" -> StreamSummary.Mode.ON_DEMAND;
                    case "PROVISIONED" -> StreamSummary.Mode.PROVISIONED;
                    default -> StreamSummary.Mode.UNKNOWN;
                },
                said.path("RecordDistributionStrategy").asText().equals("AUTO"));
    }

    public CompletableFuture<ShardsOutcome> create(String stream, AutoCreate how) {
        long deadline = nanos.getAsLong() + BECOMING_ACTIVE.toNanos();
        return made(stream, how)
                .thenCompose(made -> untilActive(stream, deadline)
                        .thenCompose(active -> made ? retain(stream, how.retention()) : DONE))
                .thenCompose(active -> shards(stream));
    }

    /** Completes with true if this call created the stream, false if it existed. */
    private CompletableFuture<Boolean> made(String stream, AutoCreate how) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("StreamName", stream);
        request.put("StreamModeDetails", Map.of("StreamMode", how.onDemand() ? "ON_DEMAND" : "PROVISIONED"));
        if (!how.onDemand()) {
            request.put("ShardCount", how.shards());
        }
        if (!how.tags().isEmpty()) {
            request.put("Tags", how.tags());
        }
        return transport.call("CreateStream", request, ANSWER_BYTES).handle((done, failure) -> {
            if (failure != null && !isThereAlready(failure)) {
                throw new CompletionException(root(failure));
            }
            return failure == null;
        });
    }

    private static boolean isThereAlready(Throwable failure) {
        return root(failure) instanceof FaultException refused
                && refused.fault().detail().startsWith("ResourceInUseException");
    }

    private static Throwable root(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Sets the retention. Completes normally also if that is refused, because the stream exists and takes records. */
    private CompletableFuture<Void> retain(String stream, Duration retention) {
        if (retention.equals(AutoCreate.DEFAULT_RETENTION)) {
            return DONE;
        }
        Map<String, Object> request = Map.of("StreamName", stream, "RetentionPeriodHours", retention.toHours());
        return transport
                .call("IncreaseStreamRetentionPeriod", request, ANSWER_BYTES)
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

    private CompletableFuture<Void> untilActive(String stream, long deadline) {
        return describe(stream).thenCompose(description -> {
            String status = description.path("StreamStatus").asText();
            if (status.equals("ACTIVE") || status.equals("UPDATING")) {
                return DONE;
            }
            if (nanos.getAsLong() - deadline > 0) {
                String still = status.isEmpty() ? "is not described by DescribeStreamSummary" : "is still " + status;
                throw new FaultException(new Fault.Unavailable("the stream " + still, false));
            }
            Executor later = CompletableFuture.delayedExecutor(ACTIVE_POLL.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(() -> {}, later).thenCompose(again -> untilActive(stream, deadline));
        });
    }

    /**
     * The fault with which one of these futures failed.
     *
     * @param server what was called, for messages
     */
    public static Fault faultOf(Throwable failure, String server) {
        return root(failure) instanceof FaultException fault ? fault.fault() : FaultRules.ofException(failure, server);
    }
}
