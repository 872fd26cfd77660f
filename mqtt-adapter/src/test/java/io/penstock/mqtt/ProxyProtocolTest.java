package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client's address behind a proxy, by the PROXY protocol. */
class ProxyProtocolTest {
    private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";

    private final List<SocketAddress> peers = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
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
                        List.of(MqttListener.plain(anyPort).withProxyProtocol()),
                        MqttLimits.builder().maxConnections(6).build()))
                .events(new MqttEvents() {
                    @Override
                    public void rejected(SocketAddress peer, String clientId, Rejection why, String text) {
                        refused.add(peer + " " + why + " " + text);
                    }
                })
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

    @Test
    void theAddressBehindTheProxyHasItsShareAndTheProxyHasNone() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(from("C0A80007").connected(4, "near " + i));
            }
            RawClient fourth = from("C0A80007");
            clients.add(fourth);
            fourth.send(Packet.connect(4, "one too many")).expect("20 02 00 03").expectClosed();
            assertTrue(
                    refused.get(0).contains("this address has 3 connections already, half of the 6"),
                    refused::toString);
            for (int i = 0; i < 2; i++) {
                clients.add(from("C0A80008").connected(4, "far " + i));
            }
            assertEquals(1, refused.size(), refused::toString);
        } finally {
            for (RawClient each : clients) {
                each.close();
            }
        }
    }

    /** A connection through a proxy that was connected from this address. */
    private RawClient from(String address) throws IOException {
        return new RawClient(server.addresses().get(0))
                .send(Packet.hex(SIGNATURE + "21 11 000C" + address + "0A000001 D431 075B"));
    }
}
