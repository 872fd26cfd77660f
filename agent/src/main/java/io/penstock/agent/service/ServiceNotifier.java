package io.penstock.agent.service;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd about the state of a {@code Type=notify} service: datagrams of {@code NAME=value} lines to the socket
 * that {@code NOTIFY_SOCKET} names (sd_notify(3)). Without that variable there is nobody to tell and every call does
 * nothing. A state that cannot be told is logged and never stops the agent. Each datagram has a socket of its own: there
 * is a handful in the life of a process. Blocks for at most a few seconds: not for event loops. Thread-safe.
 */
public final class ServiceNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);
    private static final long LIMIT_MILLIS = 2_000;

    private final String socket;

    private ServiceNotifier(String socket) {
        this.socket = socket;
    }

    /** For the socket that this environment names, if it names one. */
    public static ServiceNotifier of(Map<String, String> environment) {
        return new ServiceNotifier(environment.getOrDefault("NOTIFY_SOCKET", ""));
    }

    /** Every listener is bound and input is taken. */
    public void ready() {
        send("READY=1\nSTATUS=taking events in\n");
    }

    /** Input is no longer taken; what is under way may need this long. */
    public void stopping(Duration limit) {
        send("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=" + limit.toNanos() / 1_000 + "\n");
    }

    /** A start that takes long (recovery of a large spool) is alive and may need this much longer. */
    public void starting(String status, Duration limit) {
        send("STATUS=" + status.replace('\n', ' ') + "\nEXTEND_TIMEOUT_USEC=" + limit.toNanos() / 1_000 + "\n");
    }

    private void send(String state) {
        if (socket.isEmpty()) {
            return;
        }
        if (!Epoll.isAvailable()) {
            LOG.warn(
                    "cannot tell the service manager '{}': no native epoll on this platform; use Type=exec",
                    state.strip());
            return;
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            ChannelFuture connected = new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new DomainSocketAddress(path()));
            Channel channel = connected.channel();
            if (took(connected, state)) {
                took(channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), state)), state);
            }
            channel.close().await(LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            loop.shutdownGracefully(0, LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean took(ChannelFuture step, String state) throws InterruptedException {
        if (step.await(LIMIT_MILLIS) && step.isSuccess()) {
            return true;
        }
        LOG.warn("cannot tell the service manager '{}' on {}: {}", state.strip(), socket, String.valueOf(step.cause()));
        return false;
    }

    /** An address that begins with @ is in Linux's abstract namespace, where its first byte is zero. */
    private String path() {
        return socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    }
}
