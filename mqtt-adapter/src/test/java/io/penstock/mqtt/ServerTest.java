package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Starting and stopping. */
class ServerTest {
    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Test
    void listensOnSeveralAddressesAndTellsTheirRealPorts() throws IOException {
        MqttSettings settings = new MqttSettings(
                List.of(MqttListener.plain(anyPort()), MqttListener.plain(anyPort())), MqttLimits.defaults());
        try (MqttServer server =
                MqttServer.builder(new ManualStore()).settings(settings).start()) {
            assertEquals(2, server.addresses().size());
            for (InetSocketAddress address : server.addresses()) {
                try (RawClient client = new RawClient(address)) {
                    client.connected(4, "c");
                }
            }
        }
    }

    @Test
    void anAddressInUseIsNamedAndNothingIsLeftListening() throws IOException {
        try (TestServer taken = new TestServer()) {
            MqttServerBuilder builder = MqttServer.builder(new ManualStore())
                    .settings(new MqttSettings(
                            List.of(MqttListener.plain(anyPort()), MqttListener.plain(taken.address())),
                            MqttLimits.defaults()));
            IOException failure = assertThrows(IOException.class, builder::start);
            assertTrue(failure.getMessage().contains(":" + taken.address().getPort()), failure.getMessage());
            assertTrue(failure.getMessage().contains("free the address"), failure.getMessage());
        }
    }

    @Test
    void sharedNioLoopsServeAndOutliveTheServer() throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            ManualStore store = new ManualStore().automatic();
            try (MqttServer server = MqttServer.builder(store)
                            .settings(MqttSettings.plain(anyPort()))
                            .eventLoops(loops)
                            .start();
                    RawClient client = new RawClient(server.addresses().get(0))) {
                client.connected(5, "c").send(Packet.publish(5, 1, 1, "a", "x")).expect("40 02 00 01");
            }
            assertFalse(loops.isShuttingDown());
        } finally {
            loops.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    @Test
    void closingSendsWhatBecomesDueAndSaysGoodBye() throws Exception {
        try (TestServer server = new TestServer()) {
            RawClient five = server.connected(5, "c").send(Packet.publish(5, 1, 1, "a", "x"));
            RawClient four = server.connected(4, "d").send(Packet.publish(4, 1, 2, "a", "x"));
            RawClient idle = server.connected(5, "e");
            RawClient stranger = server.client();
            await().until(() -> server.store().events().size() == 2);
            Thread closing = new Thread(() -> server.server().close());
            closing.start();
            idle.expectDisconnect(0x8B);
            stranger.expectClosed();
            server.store().makeDurable(2);
            five.expect("40 02 00 01").expectDisconnect(0x8B);
            four.expect("40 02 00 02").expectClosed();
            closing.join();
            assertEquals(0, server.server().connections());
            assertThrows(ConnectException.class, server::client);
        }
    }

    @Test
    void closingTakesNoLongerThanTheDrainTimeout() throws IOException {
        try (TestServer server = new TestServer(limits -> limits.drainTimeout(Duration.ofMillis(200)))) {
            RawClient client = server.connected(5, "c").send(Packet.publish(5, 1, 1, "a", "x"));
            await().until(() -> server.store().events().size() == 1);
            long start = System.nanoTime();
            server.server().close();
            assertTrue(System.nanoTime() - start < 5_000_000_000L);
            client.expectDisconnect(0x8B);
        }
    }

    @Test
    void limitsOutOfRangeAreNamed() {
        IllegalArgumentException failure = assertThrows(
                IllegalArgumentException.class,
                () -> MqttLimits.builder().maxInFlight(0).build());
        assertTrue(failure.getMessage().contains("maxInFlight 0"), failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new MqttSettings(List.of(), MqttLimits.defaults()));
    }
}
