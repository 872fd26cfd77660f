package io.penstock.agent.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.route.Router;
import io.penstock.base.auth.PasswordEntries;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.TooManyStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each refusal of the MQTT source counts once under {@code penstock_source_refused_total}, with its reason. */
class MqttRefusalCountTest {
    private static final String JOE = connect("C2", "6a", "joe", "secret");

    @TempDir
    private Path folder;

    private final FakeSpools spools = new FakeSpools();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<Socket> open = new ArrayList<>();
    private MqttSource source;

    @BeforeEach
    void start() throws IOException {
        Path passwords = folder.resolve("passwords");
        PasswordEntries.empty().with("joe", "secret").write(passwords);
        ConfigurationResult result = ConfigurationLoader.ofProcess().parse("""
                mqtt:
                  listen: ["127.0.0.1:0", "ws://127.0.0.1:0"]
                  ack: memory
                  auth: {password-file: %s}
                  acl: [{allow: "users/%%u/#"}]
                  limits: {topic-levels: 4, packet: 20000, connections: 1}
                """.formatted(passwords));
        MqttSourceSettings section = assertInstanceOf(ConfigurationResult.Loaded.class, result)
                .configuration()
                .mqtt();
        source = MqttSource.start(
                section,
                ConnectionBudget.unlimited(),
                new Intake(
                        new Router(List.of()), spools, stream -> 10_000, () -> Instant.parse("2026-01-02T03:04:05Z")),
                MemoryBudget.of(64 << 20).account(1.0),
                Optional.empty(),
                metrics);
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        source.close();
    }

    @Test
    void eachRefusalCountsOnceUnderItsReason() throws IOException {
        // Connections.
        refuses("malformed", "16 03 01 00 05"); // TLS
        refuses("malformed", "47 45 54 20 2f 20"); // HTTP
        refuses("malformed", "10 80 80 80 80 01");
        refuses("malformed", connect("03", "63", "", ""));
        refuses("malformed", "30 05 00 01 61 62 63");
        refuses("unsupported", packet(0x10, string("MQTT") + "06 02 0000" + string("c")));
        refuses("too_large", "10 ff ff 7f");
        refuses("forbidden", connect("02", "63", "", ""));
        refuses("forbidden", connect("C2", "63", "joe", "wrong"));
        refuses("forbidden", connect("C2", "63", "ann", "secret"));

        // Packets of a client that is in.
        refuses("malformed", JOE, "62 02 00 00");
        refuses("malformed", JOE, "00 00");
        refuses("malformed", JOE, publish("users/joe/a/b/c", 10));
        refuses("forbidden", JOE, publish("users/ann/a", 10), "E0 00");
        refuses("too_large", JOE, "30 ff ff 7f");
        refuses("unsupported", JOE, packet(0x82, "0001 00" + string("a") + "00"), "E0 00");
        assertEquals(
                1,
                metrics.get("penstock.mqtt.subscriptions")
                        .tag("answer", "refused")
                        .counter()
                        .count());

        // Publishes whose connection stays.
        refuses("too_large", JOE, publish("users/joe/a", 10_001), "E0 00");
        spools.of("mqtt").refuse(Spool.TOO_LARGE);
        refuses("too_large", JOE, publish("users/joe/a", 10), "E0 00");
        spools.of("mqtt").refuse(Spool.DROPPED);
        refuses("spool_full", JOE, publish("users/joe/a", 10), "E0 00");
        spools.of("mqtt").refuse(Spool.FAILED);
        refuses("spool_failed", JOE, publish("users/joe/a", 10));

        // Below MQTT.
        refuses(1, "malformed", text("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
        refuses(1, "malformed", text("no HTTP\r\n\r\n"));
        refuses(1, "malformed", text("GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n"));
    }

    @Test
    void oneStreamTooManyAndOneConnectionTooManyCountOnce() throws IOException {
        spools.refuseStreams(TooManyStreams.exception("one more than max-streams"));
        refuses("too_many_streams", JOE, publish("users/joe/a", 10), "E0 00");

        Socket first = new Socket("127.0.0.1", port(0));
        open.add(first);
        first.getOutputStream().write(HexFormat.of().parseHex(JOE.replace(" ", "")));
        assertEquals(0x20, first.getInputStream().read());
        refuses("overloaded", JOE);
    }

    private void refuses(String reason, String... hex) throws IOException {
        refuses(0, reason, hex);
    }

    /** Sends and reads to the end of the connection: then one more refusal stands under the reason, and no other. */
    private void refuses(int listener, String reason, String... hex) throws IOException {
        // The last client is gone: there is room for one.
        await().until(() -> metrics.get("penstock.source.connections").gauge().value() == open.size());
        Map<String, Integer> expected = counts();
        expected.merge(reason, 1, Integer::sum);
        try (Socket socket = new Socket("127.0.0.1", port(listener))) {
            socket.setSoTimeout(60_000);
            for (String part : hex) {
                socket.getOutputStream().write(HexFormat.of().parseHex(part.replace(" ", "")));
            }
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // Closed with some of it unread.
        }
        await().until(() -> metrics.get("penstock.source.connections").gauge().value() == open.size());
        assertEquals(expected, counts(), String.join(" ", hex));
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Counter counter : metrics.get("penstock.source.refused").counters()) {
            if (counter.count() > 0) {
                counts.put(counter.getId().getTag("reason"), (int) counter.count());
            }
        }
        return counts;
    }

    private int port(int listener) {
        return source.addresses().get(listener).getPort();
    }

    private static String text(String ascii) {
        return HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static String string(String text) {
        return String.format("%04x", text.length()) + text(text);
    }

    /** A CONNECT of MQTT 5. */
    private static String connect(String flags, String idInHex, String user, String password) {
        String login = user.isEmpty() ? "" : string(user) + string(password);
        return packet(0x10, string("MQTT") + "05" + flags + "0000 00 0001" + idInHex + login);
    }

    private static String publish(String topic, int payload) {
        return packet(0x32, string(topic) + "0001 00" + "78".repeat(payload));
    }

    private static String packet(int first, String body) {
        byte[] bytes = HexFormat.of().parseHex(body.replace(" ", ""));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first);
        int rest = bytes.length;
        while (rest > 0x7F) {
            all.write(rest & 0x7F | 0x80);
            rest >>= 7;
        }
        all.write(rest);
        all.writeBytes(bytes);
        return HexFormat.of().formatHex(all.toByteArray());
    }
}
