package io.penstock.agent.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The service manager is told")
class ServiceNotifierTest {

    @Test
    void whenInputIsTakenAndWhenTheAgentDrains(@TempDir Path folder) throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Path socket = folder.resolve("notify");
        try {
            Channel manager = new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainDatagramChannel.class)
                    .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                            told.add(packet.content().toString(StandardCharsets.UTF_8));
                        }
                    })
                    .bind(new DomainSocketAddress(socket.toFile()))
                    .sync()
                    .channel();
            ServiceNotifier notifier = ServiceNotifier.of(Map.of("NOTIFY_SOCKET", socket.toString()));
            notifier.ready();
            assertEquals("READY=1\nSTATUS=taking events in\n", told.poll(5, TimeUnit.SECONDS));
            notifier.stopping(Duration.ofSeconds(20));
            String stopping = String.valueOf(told.poll(5, TimeUnit.SECONDS));
            assertTrue(stopping.startsWith("STOPPING=1\n"), stopping);
            assertTrue(stopping.contains("EXTEND_TIMEOUT_USEC=20000000\n"), stopping);
            manager.close().sync();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void byTheCommandOfSystemdWhereNativeCodeCannotBeLoaded(@TempDir Path folder) throws Exception {
        Path said = folder.resolve("said");
        Path command = Files.writeString(
                folder.resolve("notify"), "#!/bin/sh\nprintf '%s\\n' \"$NOTIFY_SOCKET\" \"$@\" >" + said + "\n");
        assertTrue(command.toFile().setExecutable(true));
        new ServiceNotifier("/run/notify", () -> false, command.toString()).ready();
        assertEquals(List.of("/run/notify", "READY=1", "STATUS=taking events in"), Files.readAllLines(said));
    }

    @Test
    void andACommandThatIsMissingOrFailsDoesNotStopTheAgent(@TempDir Path folder) {
        for (String command : List.of(folder.resolve("none").toString(), "false")) {
            assertDoesNotThrow(() -> new ServiceNotifier("/run/notify", () -> false, command).ready());
        }
    }

    @Test
    void nothingWhereNoManagerStartedIt() {
        assertDoesNotThrow(() -> ServiceNotifier.of(Map.of()).ready());
    }

    @Test
    void andAManagerThatIsGoneDoesNotStopTheAgent(@TempDir Path folder) {
        ServiceNotifier notifier = ServiceNotifier.of(
                Map.of("NOTIFY_SOCKET", folder.resolve("gone").toString()));
        assertDoesNotThrow(notifier::ready);
    }
}
