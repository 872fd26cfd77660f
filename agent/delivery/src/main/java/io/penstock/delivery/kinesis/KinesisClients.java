package io.penstock.delivery.kinesis;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.delivery.kinesis.credentials.CredentialGenerations;
import io.penstock.delivery.kinesis.credentials.CredentialProviders;
import io.penstock.delivery.kinesis.credentials.CredentialSource;
import io.penstock.delivery.kinesis.http.ClockSkew;
import io.penstock.delivery.kinesis.http.NetworkClients;
import io.penstock.delivery.kinesis.http.SignedHttp;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.endpoints.KinesisEndpointProvider;

/**
 * The parts of the SDK for one target: credentials, and an HTTP client that signs with them. Slow to create; any
 * thread.
 */
final class KinesisClients implements AutoCloseable {
    private static final Duration ACQUIRE = Duration.ofSeconds(10);
    private static final int PENDING_CALLS = 100_000;
    /** One loop carries more than any stream needs; further loops only add wake-ups. */
    private static final int LOOPS = 1;

    private static final Duration LOOPS_QUIET = Duration.ofMillis(200);
    private static final Duration LOOPS_END = Duration.ofSeconds(2);

    /** Calls that are passed on at once; each may last for minutes. */
    private static final int PASSING_CONNECTIONS = 100;

    private static final int PASSING_PENDING = 1000;

    private final TargetSettings settings;
    private final CredentialSource credentials;
    private final EventLoopGroup loops;
    private final SdkAsyncHttpClient client;
    private final SignedHttp http;
    private @Nullable SdkAsyncHttpClient passing;

    KinesisClients(TargetSettings settings, Clock clock) {
        // First, because it may fail for lack of a file: nothing else is open yet.
        NettyNioAsyncHttpClient.Builder builder =
                NetworkClients.apply(settings.network(), NettyNioAsyncHttpClient.builder());
        this.settings = settings;
        this.loops = loops();
        this.client = client(builder, PENDING_CALLS);
        this.credentials = new CredentialSource(
                settings.credentials(), new CredentialProviders(settings), new CredentialGenerations(System::nanoTime));
        this.http = new SignedHttp(client, address(settings), settings.region(), new ClockSkew(clock));
    }

    private SdkAsyncHttpClient client(NettyNioAsyncHttpClient.Builder builder, int pendingCalls) {
        return builder.eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
                .protocol(
                        settings.sending().httpVersion() == TargetSettings.HttpVersion.HTTP_2
                                ? Protocol.HTTP2
                                : Protocol.HTTP1_1)
                .maxPendingConnectionAcquires(pendingCalls)
                .connectionAcquisitionTimeout(ACQUIRE)
                .readTimeout(settings.bounds().callTimeout())
                .writeTimeout(settings.bounds().callTimeout())
                .build();
    }

    /**
     * A client for calls that are passed on. Its connections are its own, so that a client that reads slowly keeps none
     * from the sender. Made at the first call.
     *
     * @throws io.penstock.delivery.kinesis.http.UnreadableAuthorities if the file of authorities cannot be read
     */
    synchronized SdkAsyncHttpClient passing() {
        SdkAsyncHttpClient made = passing;
        if (made == null) {
            made = client(
                    NetworkClients.apply(settings.network(), NettyNioAsyncHttpClient.builder())
                            .maxConcurrency(PASSING_CONNECTIONS),
                    PASSING_PENDING);
            passing = made;
        }
        return made;
    }

    /** The address of a target's Kinesis API. */
    static URI address(TargetSettings settings) {
        if (settings.address() instanceof TargetAddress.Url url) {
            return url.url();
        }
        return KinesisEndpointProvider.defaultProvider()
                .resolveEndpoint(where -> where.region(Region.of(settings.region()))
                        .useFips(settings.network().fips())
                        .useDualStack(settings.network().dualStack()))
                .join()
                .url();
    }

    /**
     * The client's default loops take seconds to stop, own ones stop at once. The client selects its transport by the
     * class of the loop group.
     */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup loops() {
        return new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("penstock-kinesis", true));
    }

    /** Host and port of the endpoint, for messages. */
    String server() {
        return address(settings).getAuthority();
    }

    String host() {
        return address(settings).getHost();
    }

    URI address() {
        return address(settings);
    }

    int port() {
        URI address = address(settings);
        int usual = address.getScheme().equals("https") ? 443 : 80;
        return address.getPort() < 0 ? usual : address.getPort();
    }

    /** Host and port, as a proxy is asked for a tunnel there. */
    String tunnel() {
        return host() + ":" + port();
    }

    CredentialSource credentials() {
        return credentials;
    }

    SignedHttp http() {
        return http;
    }

    private synchronized void closePassing() {
        if (passing != null) {
            passing.close();
        }
    }

    @Override
    public void close() {
        credentials.close();
        client.close();
        closePassing();
        loops.shutdownGracefully(LOOPS_QUIET.toMillis(), LOOPS_END.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LOOPS_END.toMillis());
    }
}
