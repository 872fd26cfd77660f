package io.penstock.agent.target;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Credentials that were resolved moments ago, for callers that must not wait for files or the network. After
 * five seconds they are resolved anew in the background, and after {@link #USABLE} not handed out any more. Any thread.
 */
final class RecentCredentials {
    private static final long FRESH = Duration.ofSeconds(5).toNanos();
    private static final long USABLE = Duration.ofSeconds(15).toNanos();

    private final Executor background;
    private final LongSupplier nanos;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile @Nullable Held held;

    private record Held(AwsCredentials credentials, long at) {}

    /** @param background where resolving may take its time */
    RecentCredentials(Executor background, LongSupplier nanos) {
        this.background = background;
        this.nanos = nanos;
    }

    /** Resolves now, which may block, and remembers them. */
    AwsCredentials resolve(AwsCredentialsProvider source) {
        AwsCredentials credentials = source.resolveCredentials();
        held = new Held(credentials, nanos.getAsLong());
        return credentials;
    }

    /** Those of moments ago, at once; empty when there are none. */
    Optional<AwsCredentials> recent(AwsCredentialsProvider source) {
        Held last = held;
        if (last == null) {
            return Optional.empty();
        }
        long age = nanos.getAsLong() - last.at;
        if (age >= FRESH) {
            renew(source);
        }
        return age < USABLE ? Optional.of(last.credentials) : Optional.empty();
    }

    private void renew(AwsCredentialsProvider source) {
        if (!renewing.compareAndSet(false, true)) {
            return;
        }
        try {
            background.execute(() -> {
                try {
                    AwsCredentials unused = resolve(source);
                } catch (RuntimeException none) {
                    // Whoever needs them next resolves them himself, and hears why that fails.
                    held = null;
                } finally {
                    renewing.set(false);
                }
            });
        } catch (RejectedExecutionException closed) {
            renewing.set(false);
        }
    }

    /** The endpoint does not take them any more. */
    void forget() {
        held = null;
    }
}
