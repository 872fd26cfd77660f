package io.penstock.mqtt.bridge;

import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.bridge.BridgeSettings.Limits;
import io.penstock.mqtt.bridge.BridgeSettings.Login;
import io.penstock.mqtt.bridge.BridgeSettings.Retry;
import io.penstock.mqtt.bridge.BridgeSettings.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of bridges, with short pauses. */
final class BridgeOfTest {
    private static final Retry SHORT =
            new Retry(Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofSeconds(60));

    List<BridgeUrl> urls;
    String clientId = "penstock-test-plant";
    ProtocolVersion version = ProtocolVersion.MQTT_5;
    List<BridgeTopic> topics = List.of(topic("#", 2));
    Optional<String> group = Optional.empty();
    int connections = 1;
    Session session = Session.usual();
    Login login = Login.none();
    BridgeTls tls = BridgeTls.usual();
    Limits limits = Limits.usual();
    Retry retry = SHORT;

    BridgeOfTest(BridgeUrl... urls) {
        this.urls = List.of(urls);
    }

    BridgeOfTest speaking(int level) {
        version = level == 5 ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1;
        return this;
    }

    static BridgeTopic topic(String filter, int qos) {
        return new BridgeTopic(filter, qos, BridgeTopic.Retained.TAKE);
    }

    BridgeSettings settings() {
        return new BridgeSettings(
                "plant", urls, version, clientId, topics, group, connections, session, login, tls, limits, retry);
    }

    MqttBridge start(BridgeHandler handler) {
        return MqttBridge.builder(settings(), handler).start();
    }
}
