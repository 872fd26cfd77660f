package io.penstock.engine.junit;

import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * Clients of the AWS SDK for Java. This class is loaded only when a test asks for one: the SDK is on the class path
 * then, and which HTTP client it has is the application's choice.
 */
final class SdkClients {
    private SdkClients() {}

    static KinesisClient blocking(RunningEngine engine) {
        return aimed(KinesisClient.builder(), engine).build();
    }

    static KinesisAsyncClient async(RunningEngine engine, ExtensionContext context) {
        KinesisAsyncClientBuilder builder = aimed(KinesisAsyncClient.builder(), engine);
        if (onClassPath("software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient")) {
            Loops.of(context).use(builder);
        }
        return builder.build();
    }

    private static <B extends AwsClientBuilder<B, ?>> B aimed(B builder, RunningEngine engine) {
        return builder.endpointOverride(engine.endpoint())
                .region(Region.of(engine.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    private static boolean onClassPath(String name) {
        return Optional.ofNullable(SdkClients.class.getClassLoader().getResource(name.replace('.', '/') + ".class"))
                .isPresent();
    }

    /** Event loops for the clients of all tests of a run: stopping a loop takes two seconds. */
    @SuppressWarnings("deprecation") // what JUnit 5 closes before 5.13
    static final class Loops implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        private final SdkEventLoopGroup group =
                SdkEventLoopGroup.builder().numberOfThreads(2).build();

        private Loops() {}

        static Loops of(ExtensionContext context) {
            return Objects.requireNonNull(context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Loops.class))
                    .getOrComputeIfAbsent(Loops.class, key -> new Loops(), Loops.class));
        }

        void use(KinesisAsyncClientBuilder builder) {
            builder.httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(group));
        }

        @Override
        public void close() {
            group.eventLoopGroup().shutdownGracefully();
        }
    }
}
