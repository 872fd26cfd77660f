package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.settings.Credentials;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.IoUtils;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The sources of the SDK's default chain, in its order (SDK for Java 2.x developer guide, Default credentials provider
 * chain). The difference: for roles, STS is called with the target's network settings.
 */
final class DefaultChain {
    private DefaultChain() {}

    /** Reads nothing yet. */
    static AwsCredentialsProvider of(StsProviders sts) {
        return AwsCredentialsProviderChain.builder()
                .credentialsProviders(
                        SystemPropertyCredentialsProvider.create(),
                        EnvironmentVariableCredentialsProvider.create(),
                        new Lazy("web identity", () -> webIdentity(sts)),
                        new Lazy("profile", () -> profile(sts)),
                        ContainerCredentialsProvider.builder()
                                .asyncCredentialUpdateEnabled(true)
                                .build(),
                        InstanceProfileCredentialsProvider.builder()
                                .asyncCredentialUpdateEnabled(true)
                                .build())
                .build();
    }

    private static AwsCredentialsProvider webIdentity(StsProviders sts) {
        return sts.webIdentity(
                SdkSystemSetting.AWS_ROLE_ARN.getStringValueOrThrow(),
                Path.of(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE
                        .getStringValueOrThrow()
                        .strip()),
                SdkSystemSetting.AWS_ROLE_SESSION_NAME.getStringValue().orElse(Credentials.SESSION));
    }

    private static AwsCredentialsProvider profile(StsProviders sts) {
        String name = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
        return new ProfileCredentials(new Credentials.Profile(name, Optional.empty()), sts);
    }

    /** Creates a provider at its first use, and again if that failed. Any thread. */
    private static final class Lazy implements AwsCredentialsProvider, SdkAutoCloseable {
        private final String name;
        private final Supplier<AwsCredentialsProvider> maker;
        private @Nullable AwsCredentialsProvider made;
        private boolean closed;

        Lazy(String name, Supplier<AwsCredentialsProvider> maker) {
            this.name = name;
            this.maker = maker;
        }

        /** A call after {@link #close} creates no provider, because it would stay open. */
        private synchronized AwsCredentialsProvider made() {
            if (closed) {
                throw new CancellationException("other credentials are in their place");
            }
            AwsCredentialsProvider provider = made == null ? maker.get() : made;
            made = provider;
            return provider;
        }

        @Override
        public AwsCredentials resolveCredentials() {
            return made().resolveCredentials();
        }

        @Override
        public synchronized void close() {
            closed = true;
            IoUtils.closeIfCloseable(made, null);
            made = null;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
