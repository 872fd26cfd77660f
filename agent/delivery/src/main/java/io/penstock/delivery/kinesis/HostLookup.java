package io.penstock.delivery.kinesis;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.NetworkFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether a host without a connection has an address at all: the SDK's pool of connections tries until its time
 * is up, and then tells of neither. Stateless.
 */
final class HostLookup {
    /** A name service that does not answer leaves the first failure as it is. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private HostLookup() {}

    /**
     * @param failure of a call
     * @param threads on which the name service is asked, which blocks
     * @return fails with {@code failure}, or with the failure of the name service
     */
    static <T> CompletableFuture<T> explain(Throwable failure, String host, Executor threads) {
        if (NetworkFailure.of(failure, host, "").name() != ConditionName.UNREACHABLE) {
            return CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Throwable> looked;
        try {
            looked = CompletableFuture.supplyAsync(() -> lookUp(host, failure), threads)
                    .completeOnTimeout(failure, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(failure);
        }
        return looked.thenApply(known -> {
            throw new CompletionException(known);
        });
    }

    private static Throwable lookUp(String host, Throwable failure) {
        try {
            InetAddress[] unused = InetAddress.getAllByName(host);
            return failure;
        } catch (UnknownHostException nameless) {
            return nameless;
        }
    }
}
