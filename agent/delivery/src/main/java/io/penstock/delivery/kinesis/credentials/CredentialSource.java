package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.settings.Credentials;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * A target's credentials, read or fetched again in each generation. Any thread except event loops: resolving may block
 * on files or the network, for about ten seconds at most.
 */
public final class CredentialSource implements AutoCloseable {
    private final Credentials settings;
    private final CredentialProviders providers;
    private final CredentialGenerations generations;
    private @Nullable Current current;
    private boolean closed;

    /** The provider of one generation. */
    private record Current(AwsCredentialsProvider provider, long generation) {}

    /** Credentials, and their generation. */
    public record Resolved(AwsCredentials credentials, long generation) {}

    public CredentialSource(Credentials settings, CredentialProviders providers, CredentialGenerations generations) {
        this.settings = settings;
        this.providers = providers;
        this.generations = generations;
    }

    /** A description for log lines and status. */
    public String describe() {
        return settings.describe();
    }

    public CredentialGenerations generations() {
        return generations;
    }

    /**
     * The provider of the present generation. A call after {@link #close} creates no client, because it would stay
     * open.
     */
    private synchronized Current current() {
        if (closed) {
            throw new CancellationException("the target is closed");
        }
        long generation = generations.present();
        Current made = current;
        if (made == null || made.generation != generation) {
            current = null;
            made = new Current(providers.make(settings), generation);
            current = made;
        }
        return made;
    }

    /**
     * Returns the credentials of the present generation; reads or fetches them if necessary. If another generation
     * begins before a provider fails, the provider of that generation is asked.
     */
    public Resolved resolve() {
        Current asked = current();
        try {
            return new Resolved(asked.provider.resolveCredentials(), asked.generation);
        } catch (RuntimeException failed) {
            Current now = current();
            if (now.generation == asked.generation) {
                throw failed;
            }
            return new Resolved(now.provider.resolveCredentials(), now.generation);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        current = null;
        providers.close();
    }
}
