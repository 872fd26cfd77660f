package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.auth.PasswordEntries;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The real process with a heap of 64 MiB, and MQTT clients that make it hold as much as they can")
class MqttMemoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String EMBEDDED = "kinesis: {endpoint: embedded}\n";
    private static final String AWAY = """
            kinesis:
              endpoint: "http://127.0.0.1:1"
            shutdown-timeout: 1s
            """;

    /** What a client sends before it waits for the acknowledgements. */
    private static final int WINDOW = 10;

    private static final byte[] PUBLISHES = publishes();
    private static final String LARGE = "x".repeat(0xFFFF);

    @TempDir
    Path folder;

    private final List<SocketChannel> attackers = new ArrayList<>();
    private AgentProcess agent;
    private InetSocketAddress mqtt;

    @AfterEach
    void leave() throws IOException {
        for (SocketChannel attacker : attackers) {
            attacker.close();
        }
    }

    @Test
    void aGoodClientIsAcknowledgedThroughEachAttackAndTheProcessLives() throws Exception {
        try (AgentProcess started = start(EMBEDDED)) {
            agent = started;
            agent.awaitReady();
            mqtt = agent.address("mqtt");
            try (Socket good = good()) {
                attack(good, 300, i -> connect("login" + i, 0xC6, "will", LARGE, LARGE, LARGE));
                attack(good, 300, i -> allButTheEnd(connect("late" + i, 0xC6, "will", LARGE, LARGE, LARGE)));
                attack(good, 300, i -> connect("will" + i, 6, "will", LARGE));
                attack(good, 400, MqttMemoryIT::aliases);
                attack(good, 3, MqttMemoryIT::unreleased);
                attack(good, 300, i -> join(connect("half" + i, 2), unfinished()));
                attack(good, 20, i -> join(connect("deaf" + i, 2), pings()));
                attack(good, 1500, i -> connect("idle" + i, 2));
            }
            try (Socket again = goodOnceTheOthersHaveGone()) {
                assertAcknowledged(again, 1);
            }
            assertEndsWell();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EMBEDDED, AWAY})
    void fiftyClientsAreAcknowledgedAlsoWithTheTargetAway(String target) throws Exception {
        try (AgentProcess started = start(target)) {
            agent = started;
            agent.awaitReady();
            mqtt = agent.address("mqtt");
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 50; i++) {
                    clients.add(client("client" + i));
                }
                for (int round = 0; round < 20; round++) {
                    for (Socket client : clients) {
                        client.getOutputStream().write(PUBLISHES);
                    }
                    for (Socket client : clients) {
                        for (int id = 1; id <= WINDOW; id++) {
                            assertPuback(client.getInputStream().readNBytes(4), id);
                        }
                    }
                }
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
            assertEndsWell();
        }
    }

    /** 40 MB, of which each call to the engine could hold as much as a call may have. */
    @Test
    void largeMessagesReachTheEmbeddedEngineWithinEachPartsMemory() throws Exception {
        byte[] large = publish(0x32, "large", 1, 400_000);
        try (AgentProcess started = start(EMBEDDED)) {
            agent = started;
            agent.awaitReady();
            mqtt = agent.address("mqtt");
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    clients.add(client("client" + i));
                }
                for (int round = 0; round < 25; round++) {
                    for (Socket client : clients) {
                        client.getOutputStream().write(large);
                    }
                    for (Socket client : clients) {
                        assertPuback(client.getInputStream().readNBytes(4), 1);
                    }
                }
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
            Awaitility.await().atMost(LIMIT).until(() -> metric("penstock_spool_events{stream=\"mqtt\"") == 0);
            double limit = metric("penstock_memory_limit_bytes{account=\"engine-requests\"");
            double peak = metric("penstock_memory_peak_bytes{account=\"engine-requests\"");
            assertTrue(peak <= 2 * limit, () -> "held " + peak + " of " + limit);
            assertEndsWell();
        }
    }

    private double metric(String beginning) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(agent.http("admin").resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private void assertEndsWell() throws Exception {
        agent.terminate();
        assertEquals(0, agent.awaitExit(LIMIT), agent::output);
        assertFalse(agent.output().contains("OutOfMemory"), agent::output);
    }

    private AgentProcess start(String target) throws IOException {
        Path passwords = folder.resolve("passwords");
        PasswordEntries.empty().with("joe", "secret").write(passwords);
        Path file = Files.writeString(
                folder.resolve("penstock.yaml"),
                AgentProcess.FREE_PORTS.replaceFirst(
                                "mqtt:", "mqtt:\n  auth: {password-file: " + passwords + "}\n  allow-anonymous: true")
                        + target);
        return AgentProcess.of(
                Stream.concat(
                                PackagedAgent.JVM_OPTIONS.stream().filter(option -> !option.startsWith("-Xmx")),
                                Stream.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"))
                        .toList(),
                Map.of(),
                "run",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString());
    }

    /** So many clients send what they say and stay, while the good one publishes; then they go. */
    private void attack(Socket good, int clients, IntFunction<byte[]> said) throws Exception {
        CompletableFuture<Void> attack = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < clients; i++) {
                attacker(said.apply(i));
            }
        });
        int id = 1;
        while (!attack.isDone()) {
            assertAcknowledged(good, id);
            id = id % 1000 + 1;
        }
        attack.get(1, TimeUnit.SECONDS);
        for (int more = 1; more <= 20; more++) {
            assertAcknowledged(good, more);
        }
        leave();
        attackers.clear();
    }

    /** Sends as much as the server takes, and waits for nothing. */
    private void attacker(byte[] bytes) {
        try {
            SocketChannel channel = SocketChannel.open(mqtt);
            attackers.add(channel);
            channel.configureBlocking(false);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            for (int tries = 0; tries < 20 && rest.hasRemaining(); tries++) {
                if (channel.write(rest) == 0) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException refused) {
            // As it may be.
        }
    }

    private Socket good() throws IOException {
        return client("good");
    }

    /** The last attackers took every connection that one address may have, and their end takes a moment to arrive. */
    private Socket goodOnceTheOthersHaveGone() {
        return Awaitility.await().atMost(LIMIT).ignoreExceptions().until(this::good, Objects::nonNull);
    }

    private Socket client(String id) throws IOException {
        Socket socket = new Socket(mqtt.getAddress(), mqtt.getPort());
        try {
            socket.setSoTimeout((int) LIMIT.toMillis() / 3);
            socket.getOutputStream().write(connect(id, 2));
            byte[] connack = socket.getInputStream().readNBytes(4);
            if (connack.length < 4 || connack[3] != 0) {
                throw new IOException("refused: " + Arrays.toString(connack));
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void assertAcknowledged(Socket good, int id) throws IOException {
        byte[] puback;
        try {
            good.getOutputStream().write(publish(0x32, "good", id, 2000));
            puback = good.getInputStream().readNBytes(4);
        } catch (IOException gone) {
            throw new AssertionError("the good client lost its connection\n" + agent.output(), gone);
        }
        assertPuback(puback, id);
    }

    private void assertPuback(byte[] puback, int id) {
        assertEquals(4, puback.length, () -> "the client's connection ended\n" + agent.output());
        assertEquals(0x40, puback[0]);
        assertEquals(id, (puback[2] & 0xFF) << 8 | puback[3] & 0xFF);
    }

    private static byte[] publishes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int id = 1; id <= WINDOW; id++) {
            all.writeBytes(publish(0x32, "good", id, 2000));
        }
        return all.toByteArray();
    }

    /** A CONNECT of MQTT 3.1.1 with these flags and what they announce. */
    private static byte[] connect(String id, int flags, String... fields) {
        return packet(0x10, out -> {
            out.writeUTF("MQTT");
            out.write(new byte[] {4, (byte) flags, 0, 0});
            out.writeUTF(id);
            for (String field : fields) {
                out.writeUTF(field);
            }
        });
    }

    private static byte[] allButTheEnd(byte[] packet) {
        return Arrays.copyOf(packet, packet.length - 1);
    }

    private static byte[] aliases(int client) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(packet(0x10, out -> {
            out.writeUTF("MQTT");
            out.write(new byte[] {5, 2, 0, 0, 0});
            out.writeUTF("alias" + client);
        }));
        for (int alias = 1; alias <= 32; alias++) {
            int number = alias;
            all.writeBytes(packet(0x30, out -> {
                out.writeUTF(String.format("%05d", client) + "t".repeat(1000));
                out.write(new byte[] {3, 0x23, 0, (byte) number});
            }));
        }
        return all.toByteArray();
    }

    private static byte[] unreleased(int client) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(connect("exact" + client, 0));
        for (int id = 1; id < 0xFFFF; id += 7) {
            all.writeBytes(publish(0x34, "q", id, 1));
        }
        return all.toByteArray();
    }

    /** Two megabytes are announced, 64 KiB come. */
    private static byte[] unfinished() {
        return join(new byte[] {0x32, (byte) 0x80, (byte) 0x89, 0x7A, 0, 1, 't', 0, 1}, new byte[64 * 1024]);
    }

    private static byte[] pings() {
        byte[] pings = new byte[1 << 20];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) 0xC0;
        }
        return pings;
    }

    private static byte[] publish(int first, String topic, int id, int payload) {
        return packet(first, out -> {
            out.writeUTF(topic);
            out.writeShort(id);
            out.write("p".repeat(payload).getBytes(StandardCharsets.US_ASCII));
        });
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] packet(int first, Body body) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            body.write(new DataOutputStream(bytes));
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(first);
            int rest = bytes.size();
            while (rest > 0x7F) {
                all.write(rest & 0x7F | 0x80);
                rest >>= 7;
            }
            all.write(rest);
            all.writeBytes(bytes.toByteArray());
            return all.toByteArray();
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
