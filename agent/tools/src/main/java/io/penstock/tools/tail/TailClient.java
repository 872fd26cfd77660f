package io.penstock.tools.tail;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

/** Makes the client of a command that talks to one endpoint. */
public final class TailClient {
    private static final String KEY_ID = "AWS_ACCESS_KEY_ID";
    private static final int CONNECTIONS = 256;

    private TailClient() {}

    /**
     * @param endpoint empty for Amazon's of the region
     * @param environment where credentials may stand; an endpoint that is not Amazon's is given dummy ones when there
     *     are none, since local servers do not look at them and the SDK would search for long
     */
    public static KinesisAsyncClient create(Optional<URI> endpoint, String region, Map<String, String> environment) {
        KinesisAsyncClientBuilder builder = KinesisAsyncClient.builder()
                .region(Region.of(region))
                .credentialsProvider(credentials(endpoint.isPresent(), environment))
                .httpClientBuilder(serviceDefaults -> new ShortLivedHttpClient(http(), serviceDefaults))
                // The caller reports failures and tries again.
                .overrideConfiguration(client ->
                        client.retryStrategy(DefaultRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(30)));
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static NettyNioAsyncHttpClient.Builder http() {
        return NettyNioAsyncHttpClient.builder()
                .protocol(Protocol.HTTP1_1)
                .maxConcurrency(CONNECTIONS)
                .connectionTimeout(Duration.ofSeconds(3));
    }

    private static AwsCredentialsProvider credentials(boolean elsewhere, Map<String, String> environment) {
        return elsewhere && !environment.containsKey(KEY_ID)
                ? StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"))
                : DefaultCredentialsProvider.builder().build();
    }
}
