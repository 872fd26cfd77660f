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
import io.penstock.base.text.CauseText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd about the state of a {@code Type=notify} service: datagrams of {@code NAME=value} lines to the socket
 * that {@code NOTIFY_SOCKET} names (sd_notify(3)). Where Netty's native code is missing, for which the JDK has no
 * substitute, systemd's own command sends them. Without that variable there is no service manager and every call does
 * nothing. A state that cannot be told is logged and never stops the agent. Each datagram has a socket of its own:
 * there is a handful in the life of a process. Blocks for at most a few seconds: not for event loops. Thread-safe.
 */
public final class ServiceNotifier {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotifier.class);
    private static final long LIMIT_MILLIS = 2_000;

    private final String socket;
    private final BooleanSupplier epoll;
    private final String command;

    ServiceNotifier(String socket, BooleanSupplier epoll, String command) {
        this.socket = socket;
        this.epoll = epoll;
        this.command = command;
    }

    /** For the socket that this environment names, if it names one. */
    public static ServiceNotifier of(Map<String, String> environment) {
        return new ServiceNotifier(environment.getOrDefault("NOTIFY_SOCKET", ""), Epoll::isAvailable, "systemd-notify");
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
        if (!epoll.getAsBoolean()) {
            sendByCommand(state);
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

    /** systemd's own command; the service then needs {@code NotifyAccess=all}. */
    private void sendByCommand(String state) {
        List<String> line = new ArrayList<>(List.of(command));
        state.lines().forEach(line::add);
        String why;
        try {
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.environment().put("NOTIFY_SOCKET", socket);
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                why = command + " does not end";
            } else if (process.exitValue() != 0) {
                why = command + " ended with status " + process.exitValue();
            } else {
                return;
            }
        } catch (IOException missing) {
            why = String.valueOf(missing.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        LOG.warn(
                "cannot tell the service manager '{}': Netty's native epoll is not available, and {}; let native code be"
                        + " loaded, or use Type=exec in the service",
                state.strip(),
                why);
    }

    private boolean took(ChannelFuture step, String state) throws InterruptedException {
        if (step.await(LIMIT_MILLIS) && step.isSuccess()) {
            return true;
        }
        Throwable cause = step.cause();
        LOG.warn(
                "cannot tell the service manager '{}' on {}: {}",
                state.strip(),
                socket,
                cause == null ? "it does not take it in time" : CauseText.orUnknown(cause));
        return false;
    }

    /** An address that begins with @ is in Linux's abstract namespace, where its first byte is zero. */
    private String path() {
        return socket.startsWith("@") ? "\0" + socket.substring(1) : socket;
    }
}
