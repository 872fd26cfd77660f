package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.credentials.CredentialSource.Resolved;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Recently resolved credentials, for callers that must not wait for files or the network. After five seconds they are
 * resolved again in the background; after {@link #USABLE} they are not used any more. Any thread.
 */
public final class RecentCredentials {
    private static final long FRESH = Duration.ofSeconds(5).toNanos();
    private static final long USABLE = Duration.ofSeconds(15).toNanos();

    private final Executor background;
    private final LongSupplier nanos;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile @Nullable Held held;

    private record Held(Resolved credentials, long at) {}

    /** @param background runs resolving, which may block */
    public RecentCredentials(Executor background, LongSupplier nanos) {
        this.background = background;
        this.nanos = nanos;
    }

    /** Resolves the credentials, which may block, and remembers them. */
    public Resolved resolve(Supplier<Resolved> source) {
        Resolved credentials = source.get();
        held = new Held(credentials, nanos.getAsLong());
        return credentials;
    }

    /**
     * Returns the remembered credentials at once; empty if there are none of the present generation.
     *
     * @param present the present generation
     */
    public Optional<Resolved> recent(Supplier<Resolved> source, long present) {
        Held last = held;
        if (last == null || last.credentials.generation() != present) {
            return Optional.empty();
        }
        long age = nanos.getAsLong() - last.at;
        if (age >= FRESH) {
            renew(source);
        }
        return age < USABLE ? Optional.of(last.credentials) : Optional.empty();
    }

    private void renew(Supplier<Resolved> source) {
        if (!renewing.compareAndSet(false, true)) {
            return;
        }
        try {
            background.execute(() -> {
                try {
                    Resolved unused = resolve(source);
                } catch (RuntimeException none) {
                    // The next call resolves the credentials itself and gets the reason of the failure.
                    held = null;
                } finally {
                    renewing.set(false);
                }
            });
        } catch (RejectedExecutionException closed) {
            renewing.set(false);
        }
    }

    /** The endpoint refused them: the next call resolves them again. */
    public void forget() {
        held = null;
    }
}
