package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.utils.IoUtils;

/**
 * Creates the SDK's credentials providers for a target. Providers of sessions fetch the next session in the background
 * five minutes before the present one expires. Guarded by its owner, {@link CredentialSource}; creating a provider may
 * read files.
 */
public final class CredentialProviders implements AutoCloseable {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration CALL = Duration.ofSeconds(10);

    private final StsProviders sts;
    private @Nullable AwsCredentialsProvider made;

    public CredentialProviders(TargetSettings settings) {
        this(settings, AHEAD, CALL);
    }

    /** With the times of {@link StsProviders}. */
    public CredentialProviders(TargetSettings settings, Duration ahead, Duration call) {
        this.sts = new StsProviders(settings, ahead, call);
    }

    /** Creates a provider that replaces the previous one. */
    AwsCredentialsProvider make(Credentials credentials) {
        release();
        AwsCredentialsProvider provider = provider(credentials);
        made = provider;
        return provider;
    }

    /** Releases the created providers: their threads and their STS clients. */
    void release() {
        IoUtils.closeIfCloseable(made, null);
        made = null;
    }

    private AwsCredentialsProvider provider(Credentials credentials) {
        if (credentials instanceof Credentials.None) {
            return fixed(Credentials.None.PAIR);
        } else if (credentials instanceof Credentials.Fixed fixed) {
            return fixed(fixed);
        } else if (credentials instanceof Credentials.Profile profile) {
            return new ProfileCredentials(profile, sts);
        } else if (credentials instanceof Credentials.AssumeRole role) {
            return sts.assumed(
                    role.roleArn(), role.externalId(), role.sessionName(), role.duration(), provider(role.source()));
        } else if (credentials instanceof Credentials.WebIdentity identity) {
            return sts.webIdentity(identity.roleArn(), identity.tokenFile(), identity.sessionName());
        } else if (credentials instanceof Credentials.Container) {
            return ContainerCredentialsProvider.builder()
                    .asyncCredentialUpdateEnabled(true)
                    .build();
        } else if (credentials instanceof Credentials.Instance) {
            return InstanceProfileCredentialsProvider.builder()
                    .asyncCredentialUpdateEnabled(true)
                    .build();
        }
        return DefaultChain.of(sts);
    }

    private static AwsCredentialsProvider fixed(Credentials.Fixed fixed) {
        String key = fixed.accessKeyId();
        String secret = fixed.secretAccessKey().value();
        return StaticCredentialsProvider.create(
                fixed.sessionToken().isEmpty()
                        ? AwsBasicCredentials.create(key, secret)
                        : AwsSessionCredentials.create(
                                key, secret, fixed.sessionToken().get().value()));
    }

    @Override
    public void close() {
        release();
        sts.close();
    }
}
