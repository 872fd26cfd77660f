package io.penstock.engine;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

/**
 * Asynchronous clients of the AWS SDK for Java with default settings, except for shared event loops: stopping a loop
 * takes two seconds.
 */
final class Sdk {
    private static final SdkEventLoopGroup LOOPS =
            SdkEventLoopGroup.builder().numberOfThreads(2).build();

    private Sdk() {}

    static NettyNioAsyncHttpClient.Builder http() {
        return NettyNioAsyncHttpClient.builder().eventLoopGroup(LOOPS);
    }

    /** Over plain HTTP, which is HTTP/2 for this SDK. */
    static KinesisAsyncClientBuilder client(StreamEngine engine) {
        return client(engine, "http");
    }

    static KinesisAsyncClientBuilder client(StreamEngine engine, String scheme) {
        return KinesisAsyncClient.builder()
                .endpointOverride(
                        URI.create(scheme + "://localhost:" + engine.address().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
                .httpClientBuilder(http());
    }
}
