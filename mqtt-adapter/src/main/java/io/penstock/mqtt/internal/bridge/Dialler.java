package io.penstock.mqtt.internal.bridge;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeUrl;
import io.penstock.mqtt.internal.transport.EventLoops;
import io.penstock.mqtt.internal.transport.ReadSizes;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of one link: reads files and resolves the name on a thread that may block, then tries address
 * after address. The link is told of each connection before it is made, and of a failure before there is one.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Dialler {
    /** Shorter than the time for an answer, so that an address where nothing is looks different from a broker that hangs. */
    private static final long TCP_MILLIS = 8_000;

    private final Link link;
    private final BridgeContext context;
    private final EventLoop loop;
    private @Nullable BrokerConnection dialling;

    Dialler(Link link, BridgeContext context, EventLoop loop) {
        this.link = link;
        this.context = context;
        this.loop = loop;
    }

    void dial(BridgeSettings with, BridgeUrl url) {
        try {
            context.blocking().execute(() -> prepare(with, url));
        } catch (RejectedExecutionException closed) {
            link.failed(Faults.bug(closed));
        }
    }

    /** On a thread that may block. */
    private void prepare(BridgeSettings with, BridgeUrl url) {
        try {
            Prepared prepared = Prepared.of(with, url);
            loop.execute(() -> dial(with, url, prepared, 0));
        } catch (IOException | RuntimeException unprepared) {
            BridgeFault why = Faults.of(unprepared, url.host());
            loop.execute(() -> link.failed(why));
        }
    }

    private void dial(BridgeSettings preparedFor, BridgeUrl url, Prepared prepared, int address) {
        if (!link.mayDial(preparedFor)) {
            return;
        }
        BridgeSettings with = link.settings();
        dialling = null;
        ChannelFuture dialled = new Bootstrap()
                .group(loop)
                .channel(EventLoops.clientChannel(context.loops()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes(context.memory()))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(TCP_MILLIS, with.retry().answer().toMillis()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        BrokerConnection next = new BrokerConnection(link, context, with, url, prepared, channel);
                        dialling = next;
                        link.dialled(next);
                        channel.pipeline()
                                .addLast(new BrokerPipeline(
                                        with, url, prepared.tls(), new BrokerHandler(next, url.scheme())));
                    }
                })
                .connect(prepared.addresses().get(address));
        dialled.addListener(done -> {
            if (!done.isSuccess()) {
                failed(done.cause(), with, url, prepared, address);
            }
        });
    }

    private void failed(Throwable cause, BridgeSettings with, BridgeUrl url, Prepared prepared, int address) {
        BrokerConnection failed = dialling;
        if (failed == null) {
            link.failed(Faults.of(cause, url.host()));
        } else if (address + 1 < prepared.addresses().size() && link.mayDial(with)) {
            link.dialled(null);
            failed.discard();
            dial(with, url, prepared, address + 1);
        } else {
            failed.failed(cause);
        }
    }
}
