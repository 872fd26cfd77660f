package io.penstock.delivery.kinesis;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.NetworkFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the name service for a host while no call reaches it: the SDK's pool of connections tries for ten
 * seconds before it gives up on a name, and then does not tell why. The JDK keeps the answers for some seconds. Any
 * thread; one question to the name service at a time.
 */
final class AddressCheck {
    private static final Duration LIMIT = Duration.ofSeconds(4);

    private @Nullable CompletableFuture<Optional<IOException>> asking;
    private volatile boolean reached;

    /**
     * A call is over.
     *
     * @param failure null if it had an answer
     */
    void note(@Nullable Throwable failure) {
        if (failure == null) {
            reached = true;
        } else {
            // Only without a connection: one that is there needs no name.
            ConditionName why = NetworkFailure.of(failure, "", "").name();
            if (why == ConditionName.UNREACHABLE || why == ConditionName.HOST_UNKNOWN) {
                reached = false;
            }
        }
    }

    /** True while calls reach the host, so that {@link #failure} need not be asked. */
    boolean isReached() {
        return reached;
    }

    /**
     * Why there is no address for the host; empty if there is one, or if calls are answered. Blocks for up to
     * {@link #LIMIT}.
     */
    Optional<IOException> failure(String host) {
        return reached
                ? Optional.empty()
                : question(host)
                        .copy()
                        .completeOnTimeout(
                                Optional.of(new ConnectException("the name service timed out")),
                                LIMIT.toMillis(),
                                TimeUnit.MILLISECONDS)
                        .join();
    }

    private synchronized CompletableFuture<Optional<IOException>> question(String host) {
        CompletableFuture<Optional<IOException>> present = asking;
        if (present != null && !present.isDone()) {
            return present;
        }
        CompletableFuture<Optional<IOException>> next = new CompletableFuture<>();
        Thread thread = new Thread(() -> next.complete(lookUp(host)), "penstock-host-lookup");
        thread.setDaemon(true);
        thread.start();
        asking = next;
        return next;
    }

    private static Optional<IOException> lookUp(String host) {
        try {
            InetAddress[] unused = InetAddress.getAllByName(host);
            return Optional.empty();
        } catch (UnknownHostException nameless) {
            return Optional.of(nameless);
        }
    }
}
