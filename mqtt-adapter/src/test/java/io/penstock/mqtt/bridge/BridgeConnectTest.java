package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.bridge.BridgeFault.Kind;
import io.penstock.mqtt.bridge.BridgeSettings.Login;
import io.penstock.mqtt.bridge.BridgeSettings.Retry;
import io.penstock.mqtt.bridge.BridgeSettings.Session;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A bridge connects, and says why it cannot")
class BridgeConnectTest {
    private static final BridgeUrl NOWHERE = BridgeUrl.parse("mqtt://127.0.0.1:1");

    private final StoreOfTest store = new StoreOfTest();

    @TempDir
    private Path folder;

    private static BridgeState.Connection only(MqttBridge bridge) {
        return bridge.state().connections().get(0);
    }

    private static BridgeFault fault(MqttBridge bridge, Kind kind) {
        await().until(() -> only(bridge).fault().filter(f -> f.kind() == kind).isPresent());
        return only(bridge).fault().orElseThrow();
    }

    @Test
    void saysInConnectWhatItsSettingsSay() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.accept()) {
            // No clean start; 60 s; session expiry a week, receive maximum 1000, 16 aliases; no user.
            assertEquals(
                    "102b00044d51545405" + "00" + "003c" + "0b" + "1100093a80" + "2103e8" + "220010" + "0013"
                            + HexFormat.of().formatHex("penstock-test-plant".getBytes(StandardCharsets.UTF_8)),
                    HexFormat.of().formatHex(peer.admit(false)));
            await().until(() -> only(bridge).phase() == BridgeState.Phase.CONNECTED);
            assertTrue(only(bridge).since().isPresent());
            assertEquals(broker.url(), only(bridge).url());
            assertFalse(only(bridge).sessionPresent());
        }
    }

    @Test
    void asksForACleanSessionWhenItIsNotToBeKept() throws IOException {
        BridgeOfTest of = new BridgeOfTest(NOWHERE).speaking(4);
        of.session = new Session(Duration.ZERO, Duration.ofSeconds(9));
        try (FakeBroker broker = new FakeBroker(4)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                assertTrue(
                        HexFormat.of().formatHex(peer.admit(false)).startsWith("101f00044d51545404" + "02" + "0009"));
                assertEquals(1, bridge.state().connections().size());
            }
        }
    }

    @Test
    void readsUserAndPasswordAnewAtEachConnect() throws IOException {
        BridgeOfTest of = new BridgeOfTest(NOWHERE);
        Path user = Files.writeString(folder.resolve("user"), "plant\n");
        Path password = Files.writeString(folder.resolve("password"), "old\n");
        of.login = new Login(Optional.empty(), Optional.of(user), Optional.of(password));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                try (FakeBroker.Peer peer = broker.accept()) {
                    byte[] connect = peer.packet();
                    assertTrue(text(connect).endsWith("\0\5plant\0\3old"), text(connect));
                    assertEquals(0xC0, connect[9] & 0xC2);
                    peer.send("20 03 00 86 00");
                    BridgeFault fault = fault(bridge, Kind.BAD_CREDENTIALS);
                    assertTrue(fault.remedy().contains("password-file"), fault.toString());
                    Files.writeString(password, "new");
                }
                String connect = "";
                while (!connect.endsWith("\0\3new")) {
                    try (FakeBroker.Peer peer = broker.accept()) {
                        connect = text(peer.admit(false));
                    }
                }
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 84, VERSION_REFUSED, version",
        "5, 85, CLIENT_ID_REFUSED, client-id",
        "5, 86, BAD_CREDENTIALS, password-file",
        "5, 87, NOT_AUTHORIZED, allow",
        "5, 89, BROKER_UNAVAILABLE, broker",
        "5, 9C, OTHER_SERVER, urls",
        "5, 80, PROTOCOL_ERROR, log",
        "4, 01, VERSION_REFUSED, version",
        "4, 02, CLIENT_ID_REFUSED, client-id",
        "4, 03, BROKER_UNAVAILABLE, broker",
        "4, 04, BAD_CREDENTIALS, password-file",
        "4, 05, NOT_AUTHORIZED, allow",
        "4, 77, PROTOCOL_ERROR, log"
    })
    void saysWhyTheBrokerRefuses(int level, String code, Kind kind, String remedy) throws IOException {
        try (FakeBroker broker = new FakeBroker(level);
                MqttBridge bridge =
                        new BridgeOfTest(broker.url()).speaking(level).start(store);
                FakeBroker.Peer peer = broker.accept()) {
            peer.packet();
            peer.send(level == 5 ? "20 03 00 " + code + " 00" : "20 02 00 " + code);
            BridgeFault fault = fault(bridge, kind);
            assertTrue(fault.remedy().contains(remedy), fault.toString());
            assertEquals(0, only(bridge).counts().connects());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8E, TAKEN_OVER, client-id",
        "8B, BROKER_UNAVAILABLE, broker",
        "9D, OTHER_SERVER, urls",
        "93, PROTOCOL_ERROR, log",
        "87, NOT_AUTHORIZED, allow"
    })
    void saysWhyTheBrokerEndsAConnection(String code, Kind kind, String remedy) throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            // With a server reference, which belongs to 0x9D.
            peer.send("E0 09 " + code + " 07 1C 0004 62 3A 31 32");
            BridgeFault fault = fault(bridge, kind);
            assertTrue(fault.remedy().contains(remedy), fault.toString());
            assertTrue(!code.equals("9D") || fault.text().contains("b:12"), fault.text());
        }
    }

    @Test
    void triesItsUrlsInTurn() throws IOException {
        try (FakeBroker broker = new FakeBroker(5)) {
            BridgeOfTest of = new BridgeOfTest(
                    BridgeUrl.parse("mqtt://127.0.0.1:1"),
                    BridgeUrl.parse("mqtt://no-such-host.invalid"),
                    broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.subscribed()) {
                await().until(() -> only(bridge).phase() == BridgeState.Phase.CONNECTED);
                assertEquals(broker.url(), only(bridge).url());
                assertTrue(only(bridge).fault().isEmpty());
                peer.publish(1, 1, "a", "x").expectPuback(1);
            }
        }
    }

    @Test
    void saysThatThereIsNoSuchHost() {
        try (MqttBridge bridge = new BridgeOfTest(BridgeUrl.parse("mqtt://no-such-host.invalid")).start(store)) {
            assertTrue(fault(bridge, Kind.NO_SUCH_HOST).text().contains("no-such-host.invalid"));
        }
    }

    @Test
    void saysThatTheConnectionIsRefused() throws IOException {
        int free;
        try (ServerSocket once = new ServerSocket(0)) {
            free = once.getLocalPort();
        }
        try (MqttBridge bridge = new BridgeOfTest(BridgeUrl.parse("mqtt://127.0.0.1:" + free)).start(store)) {
            assertTrue(fault(bridge, Kind.CONNECTION_REFUSED).remedy().contains("listens"));
        }
    }

    @Test
    void saysThatAFileIsMissing() {
        BridgeOfTest of = new BridgeOfTest(NOWHERE);
        of.login = new Login(Optional.of("u"), Optional.empty(), Optional.of(folder.resolve("absent")));
        try (MqttBridge bridge = of.start(store)) {
            assertTrue(fault(bridge, Kind.FILE_UNFIT).text().contains("absent"));
        }
    }

    @Test
    void saysThatTheBrokerDoesNotAnswer() throws IOException {
        BridgeOfTest of = new BridgeOfTest(NOWHERE);
        of.retry = new Retry(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofHours(1), Duration.ofMillis(100));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer silent = broker.accept()) {
                assertTrue(fault(bridge, Kind.NO_ANSWER).text().contains("connect"));
                assertEquals(0x10, silent.packet()[0]);
            }
        }
    }

    @Test
    void leavesABrokerThatNoLongerAnswersPings() throws IOException {
        BridgeOfTest of = new BridgeOfTest(NOWHERE);
        of.session = new Session(Duration.ofHours(1), Duration.ofSeconds(600));
        of.retry = new Retry(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofHours(1), Duration.ofMillis(300));
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store);
                    FakeBroker.Peer peer = broker.accept()) {
                // The broker's own keep alive of one second counts.
                peer.admit(false, "13 0001");
                peer.subscribe();
                assertEquals(0xC0, peer.anyPacket()[0] & 0xFF);
                assertTrue(fault(bridge, Kind.NO_ANSWER).text().contains("ping"));
                peer.everything();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "48 54 54 50, PROTOCOL_ERROR",
        "30 03 00 01 61, PROTOCOL_ERROR",
        "15 03 03 00 02 02 28, PROTOCOL_ERROR",
        "20 80 80 80 80 01, PROTOCOL_ERROR",
        "20 03 07 00 00, PROTOCOL_ERROR"
    })
    void endsAConnectionThatBeginsWithAnythingButConnack(String answer, Kind kind) throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.accept()) {
            peer.packet();
            peer.send(answer);
            assertTrue(fault(bridge, kind).remedy().contains("URL"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20 03 01 00 00",
        "00 00",
        "10 00",
        "82 00",
        "C0 00",
        "F0 00",
        "36 05 00 01 61 00 01",
        "62 02 00 00",
        "90 01 00"
    })
    void endsAConnectionWhoseBrokerBreaksARule(String packet) throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            peer.send(packet);
            assertEquals(0xE0, peer.packet()[0] & 0xFF);
            fault(bridge, Kind.PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "13 0001", // server keep alive: a second
                "13 0000", // none
                "21 0001", // receive maximum
                "22 0000", // topic alias maximum
                "12 0005 6F74686572", // another client identifier
                "27 00000064", // maximum packet size
                "24 00", // maximum QoS
                "11 00000000", // session expiry
                "1A 0003 722F69 1F 0002 6F6B 26 0001 6B 0001 76", // response information, reason, user property
                "13 0001 21 0001 22 0001 27 00000064 24 01 25 00 28 01 29 00 2A 01 12 0001 78"
            })
    void takesMessagesWhateverConnackSaysTheBrokerCan(String properties) throws IOException {
        StoreOfTest taken = new StoreOfTest();
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(taken);
                FakeBroker.Peer peer = broker.accept()) {
            // A session is present, says the broker, although the bridge never had one.
            peer.admit(true, properties);
            FakeBroker.Subscribe asked = peer.subscribe();
            peer.publish(1, 1, "a", "one").expectPuback(1);
            peer.suback(asked.packetId(), 0);
            peer.publish(2, 2, "a", "two").expectPubrec(2).pubrel(2).expectPubcomp(2);
            assertEquals(List.of("one", "two"), taken.payloads());
            assertEquals(1, bridge.state().connections().size());
        }
    }

    @Test
    void takesPacketsThatComeByteByByte() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge = new BridgeOfTest(broker.url()).start(store);
                FakeBroker.Peer peer = broker.subscribed()) {
            for (byte each : io.penstock.mqtt.Packet.publish(5, 1, 9, "a/b", "in halves")) {
                peer.send(new byte[] {each});
            }
            peer.expectPuback(9);
            assertEquals(List.of("in halves"), store.payloads());
            assertEquals(1, only(bridge).counts().connects());
        }
    }

    @Test
    void connectsAnewWithChangedSettingsAndKeepsTheSession() throws IOException {
        BridgeOfTest of = new BridgeOfTest(NOWHERE);
        try (FakeBroker broker = new FakeBroker(5)) {
            of.urls = List.of(broker.url());
            try (MqttBridge bridge = of.start(store)) {
                try (FakeBroker.Peer first = broker.subscribed()) {
                    first.publish(2, 1, "a", "x").expectPubrec(1);
                    of.login = new Login(Optional.of("other"), Optional.empty(), Optional.empty());
                    bridge.reconfigure(of.settings());
                    assertEquals("e000", HexFormat.of().formatHex(first.packet()));
                }
                try (FakeBroker.Peer second = broker.accept()) {
                    assertTrue(text(second.admit(true)).endsWith("other"));
                    second.publishAgain(2, 1, "a", "x").expectPubrec(1);
                    assertEquals(1, store.events().size());
                }
            }
        }
    }

    @Test
    void stopsWhileItCannotConnect() {
        MqttBridge bridge = new BridgeOfTest(NOWHERE).start(store);
        fault(bridge, Kind.CONNECTION_REFUSED);
        bridge.close();
        bridge.close();
        assertEquals(BridgeState.Phase.STOPPED, only(bridge).phase());
    }

    @Test
    void saysThatAnotherClientMayUseItsIdentifierWhenItIsClosedAgainAndAgain() throws IOException {
        try (FakeBroker broker = new FakeBroker(4);
                MqttBridge bridge = new BridgeOfTest(broker.url()).speaking(4).start(store)) {
            for (int turn = 0; turn < 3; turn++) {
                try (FakeBroker.Peer peer = broker.accept()) {
                    peer.admit(true);
                    if (turn == 0) {
                        peer.suback(peer.subscribe().packetId(), 2);
                    }
                    peer.publish(1, 1, "a", "x").expectPuback(1);
                }
            }
            await().until(() -> only(bridge).fault().stream()
                    .anyMatch(fault -> fault.remedy().contains("same client identifier")));
        }
    }

    @Test
    void saysThatTheWebSocketIsRefused() throws IOException {
        try (FakeBroker broker = new FakeBroker(5);
                MqttBridge bridge =
                        new BridgeOfTest(BridgeUrl.parse("ws://127.0.0.1:" + broker.port() + "/nowhere")).start(store);
                FakeBroker.Peer peer = broker.accept()) {
            peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(fault(bridge, Kind.WEBSOCKET_REFUSED).remedy().contains("path"));
        }
    }
}
