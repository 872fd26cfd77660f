package io.penstock.delivery.kinesis.shards;

import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultException;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.http.AnswerCollector;
import io.penstock.delivery.kinesis.http.HttpAnswer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/**
 * Lists the open shards of one stream, page by page. Bounded in shards, pages, bytes of a page, and total time. One
 * use; one thread at a time.
 */
final class ShardListing {
    /** More than any answer of the service: a page of {@link #PAGE} shards has about 400 KiB. */
    private static final int PAGE_BYTES = 4 << 20;

    private static final int PAGE = 1_000;
    private static final int MOST_PAGES = 200;
    private static final int MOST_SHARDS = 50_000;

    private final ControlCalls.Transport transport;
    private final String stream;
    private final LongSupplier nanos;
    private final long deadline;
    private final List<Shard> open = new ArrayList<>();
    private final Set<String> tokens = new HashSet<>();

    /** @param deadline after which no further page is requested, in nanoseconds of the clock */
    ShardListing(ControlCalls.Transport transport, String stream, LongSupplier nanos, long deadline) {
        this.transport = transport;
        this.stream = stream;
        this.nanos = nanos;
        this.deadline = deadline;
    }

    /** The future fails with a {@link FaultException}. */
    CompletableFuture<ShardMap> list() {
        return page(Map.of("StreamName", stream, "MaxResults", PAGE, "ShardFilter", Map.of("Type", "AT_LATEST")));
    }

    private CompletableFuture<ShardMap> page(Map<String, ?> request) {
        return transport
                .call("ListShards", request, PAGE_BYTES)
                .exceptionally(ShardListing::failed)
                .thenCompose(this::read);
    }

    private static HttpAnswer failed(Throwable failure) {
        if (failure.getCause() instanceof AnswerCollector.TooLong tooLong) {
            throw unusable(tooLong);
        }
        throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
    }

    private static FaultException unusable(IOException why) {
        return new FaultException(new Fault.Denied("the list of shards cannot be used: " + why.getMessage()));
    }

    private CompletableFuture<ShardMap> read(HttpAnswer answer) {
        String next;
        try {
            next = ShardPage.read(answer.body(), open, MOST_SHARDS);
            if (!next.isEmpty()) {
                checkNext(next);
            }
        } catch (ShardPage.Unfit unfit) {
            throw unusable(unfit);
        } catch (IOException garbled) {
            throw new FaultException(FaultRules.unreadable(answer, garbled));
        }
        // A token replaces the stream's name (API reference, ListShards, NextToken).
        return next.isEmpty()
                ? CompletableFuture.completedFuture(ShardMap.of(open))
                : page(Map.of("NextToken", next, "MaxResults", PAGE));
    }

    private void checkNext(String token) throws ShardPage.Unfit {
        if (!tokens.add(token)) {
            throw new ShardPage.Unfit("it leads back to a page that was there before (NextToken)");
        }
        if (tokens.size() == MOST_PAGES) {
            throw new ShardPage.Unfit("it has more than " + MOST_PAGES + " pages");
        }
        if (nanos.getAsLong() - deadline > 0) {
            throw new ShardPage.Unfit("it takes too long, " + (tokens.size()) + " pages up to now");
        }
    }
}
