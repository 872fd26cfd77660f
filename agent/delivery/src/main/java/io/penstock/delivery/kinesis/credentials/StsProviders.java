package io.penstock.delivery.kinesis.credentials;

import io.penstock.delivery.kinesis.http.NetworkClients;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.services.sts.endpoints.StsEndpointProvider;
import software.amazon.awssdk.utils.IoUtils;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Role sessions from STS, reached with the target's {@link Network} settings: proxy, authorities, and one HTTP client.
 * The next session is fetched in the background before the present one expires. Any thread. The caller closes the
 * providers.
 */
public final class StsProviders implements AutoCloseable {
    private final TargetSettings settings;
    private final Duration ahead;
    private final Duration call;
    private @Nullable SdkHttpClient http;

    /**
     * @param ahead how long before a session's end the next one is fetched, or somewhat later: more than a minute
     * @param call the time limit of a call
     */
    public StsProviders(TargetSettings settings, Duration ahead, Duration call) {
        this.settings = settings;
        this.ahead = ahead;
        this.call = call;
    }

    /** @param caller the credentials that assume the role; closed together with the result */
    AwsCredentialsProvider assumed(
            String roleArn,
            Optional<String> externalId,
            String session,
            Duration lasting,
            AwsCredentialsProvider caller) {
        StsClient client = client(caller);
        StsCredentialsProvider fetching = StsAssumeRoleCredentialsProvider.builder()
                .stsClient(client)
                .asyncCredentialUpdateEnabled(true)
                .prefetchTime(ahead)
                .refreshRequest(request -> request.roleArn(roleArn)
                        .roleSessionName(session)
                        .externalId(externalId.orElse(null))
                        .durationSeconds((int) lasting.toSeconds()))
                .build();
        return new Sessions(fetching, fetching, client, caller);
    }

    AwsCredentialsProvider webIdentity(String roleArn, Path tokenFile, String session) {
        AwsCredentialsProvider anybody = AnonymousCredentialsProvider.create();
        StsClient client = client(anybody);
        StsWebIdentityTokenFileCredentialsProvider fetching = StsWebIdentityTokenFileCredentialsProvider.builder()
                .stsClient(client)
                .asyncCredentialUpdateEnabled(true)
                .prefetchTime(ahead)
                .roleArn(roleArn)
                .roleSessionName(session)
                .webIdentityTokenFile(tokenFile)
                .build();
        return new Sessions(fetching, fetching, client, anybody);
    }

    /** Created on demand, because creation is slow and many targets need no STS. */
    private synchronized SdkHttpClient http() {
        SdkHttpClient made = http == null ? NetworkClients.synchronous(settings.network()) : http;
        http = made;
        return made;
    }

    private StsClient client(AwsCredentialsProvider caller) {
        return StsClient.builder()
                .httpClient(http())
                .region(Region.of(settings.region()))
                .endpointOverride(settings.network().sts().orElseGet(this::ofRegion))
                .fipsEnabled(false)
                .dualstackEnabled(false)
                .credentialsProvider(caller)
                .overrideConfiguration(override -> override.apiCallTimeout(call))
                .build();
    }

    /** The region's own STS, whatever {@code AWS_ENDPOINT_URL} and {@code AWS_USE_FIPS_ENDPOINT} say. */
    private URI ofRegion() {
        return StsEndpointProvider.defaultProvider()
                .resolveEndpoint(where -> where.region(Region.of(settings.region()))
                        .useFips(settings.network().fips())
                        .useDualStack(settings.network().dualStack())
                        .useGlobalEndpoint(false))
                .join()
                .url();
    }

    @Override
    public synchronized void close() {
        if (http != null) {
            http.close();
        }
    }

    /** A provider of the SDK and the resources that were created for it alone. */
    private static final class Sessions implements AwsCredentialsProvider, SdkAutoCloseable {
        private final AwsCredentialsProvider fetching;
        private final SdkAutoCloseable thread;
        private final StsClient client;
        private final AwsCredentialsProvider caller;

        Sessions(
                AwsCredentialsProvider fetching,
                SdkAutoCloseable thread,
                StsClient client,
                AwsCredentialsProvider caller) {
            this.fetching = fetching;
            this.thread = thread;
            this.client = client;
            this.caller = caller;
        }

        @Override
        public AwsCredentials resolveCredentials() {
            return fetching.resolveCredentials();
        }

        @Override
        public void close() {
            thread.close();
            client.close();
            IoUtils.closeIfCloseable(caller, null);
        }
    }
}
