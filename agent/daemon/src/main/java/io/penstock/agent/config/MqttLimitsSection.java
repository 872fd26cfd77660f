package io.penstock.agent.config;

import io.penstock.mqtt.MqttLimits;
import java.time.Duration;

/** {@code mqtt.limits:}, as the server's own limits. */
final class MqttLimitsSection {
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_SESSIONS = 10_000_000;
    private static final long LARGEST_PACKET = 256L << 20;
    private static final long MOST_BYTES = 1L << 30;

    private MqttLimitsSection() {}

    static MqttLimits read(Section section) {
        MqttLimits usual = MqttLimits.defaults();
        return MqttLimits.builder()
                .maxConnections(
                        section.value("connections", usual.maxConnections(), Values.number(1, MOST_CONNECTIONS)))
                .maxInboxBytes(section.value("memory", usual.maxInboxBytes(), Values.size(1 << 20)))
                .maxKeptSessions(section.value("sessions", usual.maxKeptSessions(), Values.number(0, MOST_SESSIONS)))
                .maxPublishesPerSecond(section.value(
                        "publishes-per-second", usual.maxPublishesPerSecond(), Values.number(0, Integer.MAX_VALUE)))
                .maxBytesPerSecond(bytes(section, "bytes-per-second", usual.maxBytesPerSecond(), 0, MOST_BYTES))
                .receiveMaximum(section.value("in-flight", usual.receiveMaximum(), Values.number(1, 0xFFFF)))
                .maxHeldBytes(bytes(section, "held", usual.maxHeldBytes(), 0, MOST_BYTES))
                .maxPacketSize(bytes(section, "packet", usual.maxPacketSize(), 128, LARGEST_PACKET))
                .maxTopicBytes(bytes(section, "topic-length", usual.maxTopicBytes(), 1, 0xFFFF))
                .maxTopicLevels(section.value("topic-levels", usual.maxTopicLevels(), Values.number(1, 0x10000)))
                .topicAliasMaximum(section.value("topic-aliases", usual.topicAliasMaximum(), Values.number(0, 0xFFFF)))
                .maxClientIdBytes(bytes(section, "client-id-length", usual.maxClientIdBytes(), 23, 0xFFFF))
                .maxSessionExpiry(section.value(
                        "session-expiry",
                        usual.maxSessionExpiry(),
                        Values.duration(Duration.ZERO, Duration.ofDays(365))))
                .maxKeepAlive(section.value(
                        "keep-alive",
                        usual.maxKeepAlive(),
                        Values.duration(Duration.ofSeconds(1), Duration.ofSeconds(0xFFFF))))
                .connectTimeout(section.value(
                        "connect-timeout",
                        usual.connectTimeout(),
                        Values.duration(Duration.ofMillis(100), Duration.ofMinutes(10))))
                .build();
    }

    private static int bytes(Section section, String key, int usual, long least, long most) {
        return section.value(key, (long) usual, Values.size(least, most)).intValue();
    }
}
