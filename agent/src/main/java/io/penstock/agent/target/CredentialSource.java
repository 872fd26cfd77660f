package io.penstock.agent.target;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * A target's credentials. {@link #refused} forgets what was read, for when the endpoint does not take them any more. Any
 * thread; resolving may block on files or the network, for some ten seconds at most.
 */
final class CredentialSource implements AwsCredentialsProvider, AutoCloseable {
    /** Many streams may be refused at once, and STS is not to be asked for each. */
    private static final long SOONEST = Duration.ofSeconds(2).toNanos();

    private final Credentials settings;
    private final CredentialProviders providers;
    private final LongSupplier nanos;
    private @Nullable AwsCredentialsProvider provider;
    private volatile @Nullable AwsCredentials refused;
    private long refusedAt;
    private boolean closed;

    CredentialSource(Credentials settings, CredentialProviders providers, LongSupplier nanos) {
        this.settings = settings;
        this.providers = providers;
        this.nanos = nanos;
    }

    /** In words, for people. */
    String describe() {
        return settings.describe();
    }

    /** Calls that are late for {@link #close} make no clients that nobody would close. */
    private synchronized AwsCredentialsProvider provider() {
        if (closed) {
            throw new CancellationException("the target is closed");
        }
        AwsCredentialsProvider made = provider;
        if (made == null) {
            made = providers.make(settings);
            provider = made;
        }
        return made;
    }

    /**
     * The endpoint says that it no longer takes {@code used}: they are read or fetched anew.
     *
     * @return whether they may have been replaced meanwhile, so that trying at once may help
     */
    synchronized boolean refused(AwsCredentials used) {
        boolean again = used.equals(refused);
        if (!again || nanos.getAsLong() - refusedAt >= SOONEST) {
            refused = used;
            refusedAt = nanos.getAsLong();
            drop();
        }
        return !again;
    }

    /** The endpoint took them: should it refuse them again, then that is a new case. */
    void accepted() {
        if (refused != null) {
            refused = null;
        }
    }

    private void drop() {
        providers.release();
        provider = null;
    }

    /** Whoever was asking the provider that {@link #refused} ended meanwhile asks the one in its place. */
    @Override
    public AwsCredentials resolveCredentials() {
        AwsCredentialsProvider asked = provider();
        try {
            return asked.resolveCredentials();
        } catch (RuntimeException failed) {
            AwsCredentialsProvider now = provider();
            if (now == asked) {
                throw failed;
            }
            return now.resolveCredentials();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        provider = null;
        providers.close();
    }
}
