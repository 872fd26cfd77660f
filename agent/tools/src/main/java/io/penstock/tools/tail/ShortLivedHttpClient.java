package io.penstock.tools.tail;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * An HTTP client for one command: with an event loop of its own, which ends with it. The loops that the SDK makes take
 * two seconds to end, for which the user of the command would wait. Any thread; closing waits at most two seconds.
 */
final class ShortLivedHttpClient implements SdkAsyncHttpClient {
    private static final Duration END = Duration.ofSeconds(2);

    private final EventLoopGroup loop = loop();
    private final SdkAsyncHttpClient client;

    ShortLivedHttpClient(NettyNioAsyncHttpClient.Builder builder, AttributeMap serviceDefaults) {
        client = builder.eventLoopGroup(SdkEventLoopGroup.create(loop, NioSocketChannel::new))
                .buildWithDefaults(serviceDefaults);
    }

    /** The SDK knows groups by their class only. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup loop() {
        return new NioEventLoopGroup(1, new DefaultThreadFactory("penstock-command", true));
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        return client.execute(request);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
        loop.shutdownGracefully(0, END.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(END.toMillis());
    }
}
