package io.penstock.forward.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.server.Credentials.HostKey;
import io.penstock.forward.server.internal.connection.Handshake;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/** The handshake of the forward protocol v1, with digests computed here as the specification writes them. */
class HandshakeTest {
    private static final String SERVER = "penstock-test";
    private static final byte[] SALT = {0, 1, (byte) 0xff, (byte) 0xfe, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();
    private ForwardServer server;

    @AfterEach
    void close() {
        server.close();
        assertEquals(0, server.memoryUsed());
    }

    private void start(List<HostKey> keys, Map<String, String> passwords, Duration timeout) throws IOException {
        start(keys, passwords, timeout, 1_024);
    }

    private void start(List<HostKey> keys, Map<String, String> passwords, Duration timeout, int connections)
            throws IOException {
        Credentials credentials = new Credentials(SERVER, keys, passwords, timeout);
        handler.durability.advance(Long.MAX_VALUE);
        server = ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0))
                        .withMaxConnections(connections)
                        .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ofSeconds(1)),
                new ForwardSecurity(Optional.of(credentials), Optional.empty()),
                handler,
                events);
    }

    private void start(Map<String, String> passwords) throws IOException {
        start(List.of(key("0.0.0.0/0", "secret")), passwords, Duration.ofSeconds(10));
    }

    private static HostKey key(String network, String key) {
        return new HostKey(Network.parse(network).orElseThrow(), key);
    }

    @Test
    void whoKnowsTheKeyIsLetInAndLearnsThatTheServerKnowsItToo() throws Exception {
        start(Map.of());
        try (RawClient client = new RawClient(server)) {
            Helo helo = Helo.read(client);
            assertEquals(16, helo.nonce.length);
            assertEquals(0, helo.auth.length, "no user is asked for");
            client.send(ping(helo, "secret", "", ""));
            Pong pong = Pong.read(client);
            assertEquals(new Pong(true, "", SERVER, hex(SALT, utf8(SERVER), helo.nonce, utf8("secret"))), pong);
            client.send(Pack.chunk("t", "id", 1));
            assertArrayEquals(Pack.ack("id"), client.receive(Pack.ack("id").length));
        }
        assertEquals(List.of("t {\"n\":0}"), handler.events);
        assertEquals(List.of(""), handler.users);
    }

    @Test
    void aUserWithTheRightPasswordIsNamedToTheHandler() throws Exception {
        start(Map.of("web", "pass", "db", "word"));
        try (RawClient client = new RawClient(server)) {
            Helo helo = Helo.read(client);
            assertEquals(16, helo.auth.length);
            client.send(ping(helo, "secret", "web", "pass"));
            assertTrue(Pong.read(client).admitted);
            client.send(Pack.chunk("t", "id", 1));
            client.receive(Pack.ack("id").length);
        }
        assertEquals(List.of("web"), handler.users);
    }

    @Test
    void eachConnectionHasANonceOfItsOwnSoThatAPingCannotBeUsedAgain() throws Exception {
        start(Map.of());
        byte[] ping;
        try (RawClient client = new RawClient(server)) {
            ping = ping(Helo.read(client), "secret", "", "");
            client.send(ping);
            assertTrue(Pong.read(client).admitted);
        }
        try (RawClient client = new RawClient(server)) {
            Helo.read(client);
            client.send(ping);
            assertEquals("shared_key mismatch", Pong.read(client).reason);
        }
    }

    @Test
    void anotherKeyGetsAPongWithTheReasonAndTheEnd() throws Exception {
        start(Map.of());
        refused("shared_key mismatch", "another", "", "");
    }

    @Test
    void anotherPasswordAndAnUnknownUserGetTheSameReason() throws Exception {
        start(Map.of("web", "pass"));
        refused("username/password mismatch", "secret", "web", "word");
        refused("username/password mismatch", "secret", "nobody", "");
        refused("username/password mismatch", "secret", "", "");
    }

    private void refused(String reason, String key, String user, String password) throws IOException {
        int before = events.refused.size();
        try (RawClient client = new RawClient(server)) {
            client.send(ping(Helo.read(client), key, user, password));
            assertEquals(new Pong(false, reason, "", ""), Pong.read(client));
            assertEquals(0, client.receiveAll().length);
            assertEquals(
                    client.address(),
                    awaitRefused(Refusal.UNAUTHENTICATED, before).peer().toString());
        }
    }

    private RecordingEvents.Refused awaitRefused(Refusal refusal, int index) {
        await().until(() -> events.refused.size() > index);
        RecordingEvents.Refused refused = events.refused.get(index);
        assertEquals(refusal, refused.refusal(), refused.detail());
        return refused;
    }

    @Test
    void theFirstNetworkThatAClientBelongsToDecidesWhichKeyItNeeds() throws Exception {
        start(
                List.of(key("10.0.0.0/8", "far"), key("127.0.0.0/8", "near"), key("0.0.0.0/0", "any")),
                Map.of(),
                Duration.ofSeconds(10));
        refused("shared_key mismatch", "far", "", "");
        refused("shared_key mismatch", "any", "", "");
        try (RawClient client = new RawClient(server)) {
            client.send(ping(Helo.read(client), "near", "", ""));
            assertTrue(Pong.read(client).admitted);
        }
    }

    @Test
    void aHostWithoutAKeyIsToldSo() throws Exception {
        start(List.of(key("10.0.0.0/8", "far")), Map.of(), Duration.ofSeconds(10));
        refused("no shared key for this host", "far", "", "");
    }

    @Test
    void aChunkBeforeTheHandshakeIsRefused() throws Exception {
        start(Map.of());
        try (RawClient client = new RawClient(server)) {
            client.send(Pack.chunk("t", "id", 1));
            Helo.read(client);
            assertEquals(0, client.receiveAll().length);
            awaitRefused(Refusal.UNAUTHENTICATED, 0);
        }
        assertEquals(List.of(), handler.events);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "96a450494e47c600100000", // a PING of a MiB
                "93a174dd00010000", // a chunk of 65,536 entries
                "93a17401df7fffffff", // a record of 2^31 fields
                "929191919191919191919191919191919191", // nested
                "96a450494e4780", // a map within PING
                "c1", // no msgpack
                "160301", // TLS
                "474554202f", // HTTP
                "7b7d", // JSON
                "c0", // a heartbeat
                "90"
            })
    void beforeTheHandshakeWhatIsNoPingIsUnauthenticatedWithTheRemedy(String bytes) throws Exception {
        start(Map.of());
        try (RawClient client = new RawClient(server)) {
            client.send(Pack.of().hex(bytes).bytes());
            client.endOfStream();
            Helo.read(client);
            assertEquals(0, client.receiveAll().length);
            String detail = awaitRefused(Refusal.UNAUTHENTICATED, 0).detail();
            assertTrue(detail.contains("shared key"), detail);
        }
    }

    @Test
    void whoSaysNothingIsNotWaitedForLong() throws Exception {
        start(List.of(key("0.0.0.0/0", "secret")), Map.of(), Duration.ofMillis(50));
        try (RawClient client = new RawClient(server)) {
            Helo.read(client);
            assertEquals(0, client.receiveAll().length);
            awaitRefused(Refusal.TOO_SLOW, 0);
        }
    }

    @Test
    void aSilentClientThatMakesRoomIsToldOfTheKeyThatTheListenerWants() throws Exception {
        start(List.of(key("0.0.0.0/0", "secret")), Map.of(), Duration.ofMinutes(1), 1);
        try (RawClient silent = new RawClient(server)) {
            Helo.read(silent);
            try (RawClient newcomer = new RawClient(server)) {
                Helo.read(newcomer);
                assertEquals(0, silent.receiveAll().length);
                String detail = awaitRefused(Refusal.TOO_MANY_CONNECTIONS, 0).detail();
                assertTrue(detail.contains(Handshake.REMEDY), detail);
            }
        }
    }

    /** The salt is raw bytes typed as a string, which is no UTF-8. */
    private static byte[] ping(Helo helo, String key, String user, String password) {
        byte[] host = utf8("client.example");
        String passwordDigest = helo.auth.length == 0 ? "" : hex(helo.auth, utf8(user), utf8(password));
        return Pack.of()
                .array(6)
                .str("PING")
                .str("client.example")
                .hex("b0")
                .raw(SALT)
                .str(hex(SALT, host, helo.nonce, utf8(key)))
                .str(user)
                .str(passwordDigest)
                .bytes();
    }

    /** Read with one read of 512 bytes, as Fluent Bit does. */
    private record Helo(byte[] nonce, byte[] auth) {
        static Helo read(RawClient client) throws IOException {
            MessageUnpacker in = MessagePack.newDefaultUnpacker(client.receiveOnce());
            assertEquals(2, in.unpackArrayHeader());
            assertEquals("HELO", in.unpackString());
            assertEquals(3, in.unpackMapHeader());
            assertEquals("nonce", in.unpackString());
            byte[] nonce = in.readPayload(in.unpackBinaryHeader());
            assertEquals("auth", in.unpackString());
            byte[] auth = in.readPayload(in.unpackBinaryHeader());
            assertEquals("keepalive", in.unpackString());
            assertTrue(in.unpackBoolean());
            assertTrue(!in.hasNext());
            return new Helo(nonce, auth);
        }
    }

    private record Pong(boolean admitted, String reason, String server, String digest) {
        static Pong read(RawClient client) throws IOException {
            MessageUnpacker in = MessagePack.newDefaultUnpacker(client.receiveOnce());
            assertEquals(5, in.unpackArrayHeader());
            assertEquals("PONG", in.unpackString());
            Pong pong = new Pong(in.unpackBoolean(), in.unpackString(), in.unpackString(), in.unpackString());
            assertTrue(!in.hasNext());
            return pong;
        }
    }

    private static String hex(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                sha.update(part);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
