package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.memory.MemoryBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory that clients cause the server to hold is counted, refused at the limit, and released. */
class ClientMemoryTest {
    private static final String LARGE = "x".repeat(0xFFFF);
    private static final int MIB = 1 << 20;

    private static final String UPGRADE = "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";

    private final MemoryBudget.Account memory = MemoryBudget.of(8 * MIB).account(1.0);
    private final List<CompletableFuture<Authenticator.Result>> undecided = new CopyOnWriteArrayList<>();
    private TestServer server = start(Authenticator.anonymous());

    private TestServer start(Authenticator authenticator) {
        return start(listener -> listener, authenticator);
    }

    private TestServer start(UnaryOperator<MqttListener> listener, Authenticator authenticator) {
        try {
            return TestServer.holding(memory, listener, authenticator);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        server.close();
        undecided.forEach(one -> one.complete(new Authenticator.Result.BadCredentials()));
        await().untilAsserted(() -> assertEquals(0, memory.used()));
    }

    private static byte[] withLogin(int level, String id, String user, String password) {
        Packet connect = Packet.connect(level, 0xC2, 0);
        if (level == 5) {
            connect.u8(0);
        }
        return connect.string(id).string(user).string(password).bytes();
    }

    private static byte[] withWill(int level, String id, String payload) {
        Packet connect = Packet.connect(level, 6, 0);
        byte[] none = level == 5 ? new byte[1] : new byte[0];
        return connect.raw(none)
                .string(id)
                .raw(none)
                .string("will")
                .string(payload)
                .bytes();
    }

    private CompletionStage<Authenticator.Result> later(Login login) {
        CompletableFuture<Authenticator.Result> decision = new CompletableFuture<>();
        if (login.userName().isEmpty()) {
            return Authenticator.anonymous().authenticate(login);
        }
        undecided.add(decision);
        return decision;
    }

    @Test
    void largeConnectsThatWaitForTheirLoginAreRefusedAtTheEndOfTheirShareAndSmallOnesAreNot() throws IOException {
        String middle = "x".repeat(20_000); // one that is refused can still be read
        server.close();
        server = start(this::later);
        for (int i = 0; i < 30; i++) {
            server.client().send(withLogin(4, "waits" + i, middle, middle));
        }
        await().until(() -> server.events().rejected.size() > 10);
        assertTrue(memory.used() < 3 * MIB, memory.used() + " bytes");
        assertEquals(
                3, server.client().send(withLogin(4, "four", middle, middle)).connack());
        assertEquals(
                0x97, server.client().send(withLogin(5, "five", middle, middle)).connack() & 0xFF);
        server.connected(5, "small").send(Packet.publish(5, 1, 1, "a", "x")).expect("40 02 00 01");
    }

    @Test
    void aLoginThatIsNotDecidedCountsAlsoWhenItsClientIsGone() throws IOException {
        server.close();
        server = start(this::later);
        server.client().send(withLogin(4, "gone", LARGE, LARGE));
        await().until(() -> undecided.size() == 1);
        server.closeClients();
        await().until(() -> server.events().open.get() == 0);
        assertTrue(memory.used() > 2 * 0xFFFF, memory.used() + " bytes");
        undecided.get(0).complete(new Authenticator.Result.BadCredentials());
        await().until(() -> memory.used() == 0);
    }

    @Test
    void unfinishedConnectsAreReadNoFurtherAtTheEndOfTheirShare() throws IOException {
        for (int i = 0; i < 60; i++) {
            byte[] connect = withLogin(4, "slow" + i, LARGE, LARGE);
            server.client().send(java.util.Arrays.copyOf(connect, 60_000));
        }
        await().until(() -> server.events().shortOfMemory.get() > 0);
        assertTrue(memory.used() < 4 * MIB, memory.used() + " bytes");
        server.connected(4, "small").send(Packet.publish(4, 1, 1, "a", "x")).expect("40 02 00 01");
    }

    @Test
    void largeWillsAreRefusedAtTheEndOfTheirShareAndSmallOnesAreNot() throws IOException {
        int admitted = 0;
        for (int i = 0; i < 20; i++) {
            int code = server.client().send(withWill(5, "will" + i, LARGE)).connack() & 0xFF;
            assertTrue(code == 0 || code == 0x97, "code " + code);
            admitted += code == 0 ? 1 : 0;
        }
        assertTrue(admitted > 2 && admitted < 10, admitted + " admitted");
        assertEquals(3, server.client().send(withWill(4, "four", LARGE)).connack());
        assertEquals(0, server.client().send(withWill(4, "small", "gone")).connack());
    }

    @Test
    void whoMayHaveNoMoreTopicAliasesIsToldSoInTheConnack() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            RawClient client = server.client().send(Packet.connect(5, "aliases" + i));
            byte[] connack = client.packet();
            boolean mayHaveSome = connack[connack.length - 1] != 0;
            for (int alias = 1; alias <= 32 && mayHaveSome; alias++) {
                String topic = String.format("%03d", alias) + "t".repeat(1000);
                client.send(Packet.publish5(alias, topic, String.format("23 %04X", alias)))
                        .expect(String.format("40 02 %04X", alias));
            }
            clients.add(client);
            if (!mayHaveSome) {
                assertTrue(i > 3, "after " + i + " clients");
                assertTrue(memory.used() < 2 * MIB, memory.used() + " bytes");
                return;
            }
        }
        throw new AssertionError("aliases without end");
    }

    @Test
    void unreleasedIdentifiersOfAllKindsCostLittle() throws IOException {
        RawClient client = server.connected(4, "never releases");
        for (int first = 1; first <= 0xFFFF; first += 5000) {
            int last = Math.min(0xFFFF, first + 4999);
            byte[][] publishes = new byte[last - first + 1][];
            for (int id = first; id <= last; id++) {
                publishes[id - first] = Packet.publish(4, 2, id, "a", "x");
            }
            client.send(publishes);
            for (int id = first; id <= last; id++) {
                assertEquals(0x50, client.packet()[0] & 0xFF);
            }
        }
        assertTrue(memory.used() < 100_000, memory.used() + " bytes");
        client.send(Packet.publish(4, 2, 40_000, "a", "x")).expect("50 02 9C 40");
        assertEquals(1, server.events().duplicates.get());
        client.send(Packet.pubrel(40_000)).expect("70 02 9C 40");
    }

    /** The release that would free memory is behind the publish that waits for it. */
    @Test
    void aPublishThatFindsNoMemoryForItsIdentifierEndsTheConnectionAfterAWhile() throws IOException {
        server.close();
        server = TestServer.holding(memory, limits -> limits.slowReaderTimeout(Duration.ofMillis(100)));
        RawClient five = server.connected(5, "five");
        RawClient three = server.connected(4, "three");
        for (int page = 0; page < 6; page++) { // as many as are not counted
            five.send(Packet.publish(5, 2, farApart(page), "a", "x")).expect(answer(0x50, farApart(page)));
            three.send(Packet.publish(4, 2, farApart(page), "a", "x")).expect(answer(0x50, farApart(page)));
        }
        memory.take(8 * MIB);
        try {
            five.send(Packet.publish(5, 2, farApart(6), "a", "x"), Packet.pubrel(farApart(0)));
            three.send(Packet.publish(4, 2, farApart(6), "a", "x"), Packet.pubrel(farApart(0)));
            five.expectDisconnect(0x97);
            three.expectClosed();
            assertEquals(12, server.store().events().size());
            assertEquals(2, server.events().rejected.size());
            assertTrue(server.events().rejected.stream().allMatch(each -> each.why() == Rejection.QUOTA_EXCEEDED));
            assertEquals(2, server.events().shortOfMemory.get());
        } finally {
            memory.release(8 * MIB);
        }
    }

    @Test
    void aPublishThatWaitsForMemoryIsTakenWhenThereIsSome() throws IOException {
        RawClient client = server.connected(5, "waits");
        for (int page = 0; page < 6; page++) {
            client.send(Packet.publish(5, 2, farApart(page), "a", "x")).expect(answer(0x50, farApart(page)));
        }
        memory.take(8 * MIB);
        client.send(Packet.publish(5, 2, farApart(6), "a", "x"));
        await().until(() -> server.events().shortOfMemory.get() == 1);
        memory.release(8 * MIB);
        client.expect(answer(0x50, farApart(6)));
    }

    /** An identifier of its own page. */
    private static int farApart(int page) {
        return 1 + page * 512;
    }

    private static String answer(int type, int packetId) {
        return String.format("%02X 02 %02X %02X", type, packetId >>> Byte.SIZE, packetId & 0xFF);
    }

    @Test
    void connectionsBeyondTheMemoryAreToldSo() throws IOException {
        memory.take(8 * MIB - 40 * 1024);
        try {
            int told = 0;
            for (int i = 0; i < 30; i++) {
                told += (server.client().send(Packet.connect(5, "c" + i)).connack() & 0xFF) == 0x97 ? 1 : 0;
            }
            assertTrue(told > 10, told + " told");
        } finally {
            memory.release(8 * MIB - 40 * 1024);
        }
        server.connected(5, "later").send(Packet.publish(5, 1, 1, "a", "x")).expect("40 02 00 01");
    }

    @Test
    void anUnfinishedWebSocketFrameCounts() throws IOException {
        server.close();
        server = start(
                listener -> listener.withWebSocket(new MqttListener.WebSocket("/mqtt", Set.of(), Set.of())),
                Authenticator.anonymous());
        RawClient client = server.client();
        client.send(UPGRADE.getBytes(StandardCharsets.US_ASCII));
        assertTrue(client.line().contains("101"));
        long before = memory.used();
        client.send("82 FF 00 00 00 00 00 10 00 00 01 02 03 04").send(new byte[200_000]);
        await().until(() -> memory.used() > before + 190_000);
    }

    @Test
    void unfinishedWebSocketFramesAreReadNoFurtherAtTheEndOfTheirShare() throws Exception {
        server.close();
        server = start(
                listener -> listener.withWebSocket(new MqttListener.WebSocket("/mqtt", Set.of(), Set.of())),
                Authenticator.anonymous());
        for (int i = 0; i < 8; i++) {
            RawClient client = server.client().send(UPGRADE.getBytes(StandardCharsets.US_ASCII));
            assertTrue(client.line().contains("101"));
            CompletableFuture.runAsync(() -> {
                try {
                    client.send("82 FF 00 00 00 00 00 1F 00 00 01 02 03 04").send(new byte[2_000_000]);
                } catch (IOException closed) {
                    // Expected.
                }
            });
        }
        await().until(() -> server.events().shortOfMemory.get() == 8);
        assertTrue(memory.used() < 4 * MIB, memory.used() + " bytes");
        server.closeClients();
    }

    @Test
    void sessionsThatAreKeptCountAndEndWhenThereIsNoMemoryForThem() throws IOException {
        for (int i = 0; i < 900; i++) {
            try (RawClient client = server.client()) {
                client.send(Packet.connect(5, "kept" + i, false, 0)).connack();
                client.send(Packet.disconnect()).expectClosed();
            }
        }
        await().until(() -> server.events().sessionsNotKept.get() > 0);
        assertTrue(memory.used() < MIB, memory.used() + " bytes");
    }
}
