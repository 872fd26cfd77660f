package io.penstock.agent.target;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSupplier;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Makes the SDK's providers for a target. Those that fetch sessions do so in the background five minutes before the
 * last one is over, over one HTTP client of the target's. Guarded by its owner, {@link CredentialSource}; making one may
 * read files.
 */
final class CredentialProviders implements AutoCloseable {
    private static final Duration STS_CALL = Duration.ofSeconds(10);

    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final TargetSettings settings;
    private final Duration ahead;
    private final SdkHttpClient http;
    private final Deque<SdkAutoCloseable> made = new ArrayDeque<>();

    CredentialProviders(TargetSettings settings) {
        this(settings, AHEAD);
    }

    /** @param ahead how long before a session is over the next is fetched, or somewhat later: more than a minute */
    CredentialProviders(TargetSettings settings, Duration ahead) {
        this.settings = settings;
        this.ahead = ahead;
        this.http = NetworkClients.synchronous(settings.network());
    }

    AwsCredentialsProvider make(Credentials credentials) {
        AwsCredentialsProvider provider = provider(credentials);
        if (provider instanceof SdkAutoCloseable closeable) {
            made.push(closeable);
        }
        return provider;
    }

    /** Ends what was made: threads that fetch ahead, clients of STS. */
    void release() {
        while (!made.isEmpty()) {
            made.pop().close();
        }
    }

    private AwsCredentialsProvider provider(Credentials credentials) {
        if (credentials instanceof Credentials.Fixed fixed) {
            return fixed(fixed);
        } else if (credentials instanceof Credentials.Profile profile) {
            return profile(profile);
        } else if (credentials instanceof Credentials.AssumeRole role) {
            return assumed(role);
        } else if (credentials instanceof Credentials.WebIdentity identity) {
            return webIdentity(identity);
        } else if (credentials instanceof Credentials.Container) {
            return ContainerCredentialsProvider.builder()
                    .asyncCredentialUpdateEnabled(true)
                    .build();
        } else if (credentials instanceof Credentials.Instance) {
            return InstanceProfileCredentialsProvider.builder()
                    .asyncCredentialUpdateEnabled(true)
                    .build();
        }
        return DefaultCredentialsProvider.builder()
                .asyncCredentialUpdateEnabled(true)
                .build();
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

    private static AwsCredentialsProvider profile(Credentials.Profile profile) {
        ProfileCredentialsProvider.Builder builder =
                ProfileCredentialsProvider.builder().profileName(profile.name());
        profile.file()
                .ifPresent(file -> builder.profileFile(
                        ProfileFileSupplier.reloadWhenModified(file, ProfileFile.Type.CREDENTIALS)));
        return builder.build();
    }

    private AwsCredentialsProvider assumed(Credentials.AssumeRole role) {
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts(role.sts(), make(role.source())))
                .asyncCredentialUpdateEnabled(true)
                .prefetchTime(ahead)
                .refreshRequest(request -> request.roleArn(role.roleArn())
                        .roleSessionName(role.sessionName())
                        .externalId(role.externalId().orElse(null))
                        .durationSeconds((int) role.duration().toSeconds()))
                .build();
    }

    private AwsCredentialsProvider webIdentity(Credentials.WebIdentity identity) {
        return StsWebIdentityTokenFileCredentialsProvider.builder()
                .stsClient(sts(identity.sts(), AnonymousCredentialsProvider.create()))
                .asyncCredentialUpdateEnabled(true)
                .prefetchTime(ahead)
                .roleArn(identity.roleArn())
                .roleSessionName(identity.sessionName())
                .webIdentityTokenFile(identity.tokenFile())
                .build();
    }

    private StsClient sts(Optional<URI> endpoint, AwsCredentialsProvider caller) {
        StsClientBuilder builder = StsClient.builder()
                .httpClient(http)
                .region(Region.of(settings.region()))
                .fipsEnabled(settings.network().fips())
                .credentialsProvider(caller)
                .overrideConfiguration(override -> override.apiCallTimeout(STS_CALL));
        endpoint.ifPresent(builder::endpointOverride);
        StsClient client = builder.build();
        made.push(client);
        return client;
    }

    @Override
    public void close() {
        release();
        http.close();
    }
}
