package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real peer behind a proxy, by the PROXY protocol. */
class ProxyProtocolTest {
    private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";

    private final List<SocketAddress> peers = new CopyOnWriteArrayList<>();
    private MqttServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0);
        server = MqttServer.builder((publish, receipt) -> {
                    peers.add(publish.remoteAddress());
                    receipt.acknowledged();
                })
                .settings(new MqttSettings(
                        List.of(MqttListener.plain(anyPort).withProxyProtocol()), MqttLimits.defaults()))
                .start();
        client = new RawClient(server.addresses().get(0));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void version2NamesThePeer() throws IOException {
        client.send(Packet.hex(SIGNATURE + "21 11 000C C0A80007 0A000001 D431 075B"), Packet.connect(4, "c"))
                .connack();
        client.send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
        assertEquals(List.of(new InetSocketAddress("192.168.0.7", 54321)), peers);
    }

    @Test
    void version1NamesThePeer() throws IOException {
        client.send("PROXY TCP4 192.168.0.7 10.0.0.1 54321 1883\r\n".getBytes(StandardCharsets.US_ASCII));
        client.connected(4, "c").send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
        assertEquals(List.of(new InetSocketAddress("192.168.0.7", 54321)), peers);
    }

    @Test
    void theProxysOwnConnectionsKeepTheirAddress() throws IOException {
        client.send(Packet.hex(SIGNATURE + "20 00 0000"), Packet.connect(4, "c"))
                .connack();
        client.send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
        assertTrue(((InetSocketAddress) peers.get(0)).getAddress().isLoopbackAddress());
    }

    @Test
    void whoeverSendsNoHeaderIsClosed() throws IOException {
        client.send(Packet.connect(4, "c"), Packet.publish(4, 0, 0, "a", "x".repeat(200)));
        client.packetsUntilClosed();
        await().until(() -> server.connections() == 0);
        assertTrue(peers.isEmpty());
    }
}
