package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.settings.Credentials;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * A target's credentials, read or fetched anew in each generation. Any thread, but no event loop: resolving may block
 * on files or the network, for some ten seconds at most.
 */
public final class CredentialSource implements AutoCloseable {
    private final Credentials settings;
    private final CredentialProviders providers;
    private final CredentialGenerations generations;
    private @Nullable Current current;
    private boolean closed;

    /** What resolves the credentials of a generation. */
    private record Current(AwsCredentialsProvider provider, long generation) {}

    /** Credentials, and the generation that they are of. */
    public record Resolved(AwsCredentials credentials, long generation) {}

    public CredentialSource(Credentials settings, CredentialProviders providers, CredentialGenerations generations) {
        this.settings = settings;
        this.providers = providers;
        this.generations = generations;
    }

    /** In words, for people. */
    public String describe() {
        return settings.describe();
    }

    public CredentialGenerations generations() {
        return generations;
    }

    /** Of the present generation. A call that is late for {@link #close} makes no client, which would stay open. */
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
     * Reads or fetches them, or brings what the provider of the present generation holds. If another generation begins
     * before a provider fails, the provider of that generation is asked.
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
