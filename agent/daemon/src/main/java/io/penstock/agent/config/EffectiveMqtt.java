package io.penstock.agent.config;

import static io.penstock.agent.config.EffectiveConfiguration.list;
import static io.penstock.agent.config.EffectiveConfiguration.quoted;

import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.TopicAcl;

/** Prints {@code mqtt:} for {@link EffectiveConfiguration}. */
final class EffectiveMqtt {
    private EffectiveMqtt() {}

    static void render(MqttSection mqtt, EffectiveConfiguration to) {
        to.line("mqtt:");
        to.line("  listen: "
                + list(mqtt.listen().stream().map(MqttAddress::toString).toList()));
        to.line("  ack: " + mqtt.ack().keyword());
        to.line("  allow-anonymous: " + mqtt.allowAnonymous());
        to.tls(mqtt.tls());
        to.line("  websocket:");
        to.line("    path: " + quoted(mqtt.webSocket().path()));
        to.line("    hosts: " + list(mqtt.webSocket().web().hosts()));
        to.line("    origins: " + list(mqtt.webSocket().web().origins()));
        to.line("  proxy-protocol: "
                + list(mqtt.proxyProtocol().stream()
                        .map(ListenAddress::toString)
                        .toList()));
        to.line("  auth:");
        mqtt.auth().passwordFile().ifPresent(file -> to.line("    password-file: " + quoted(file.toString())));
        to.line("    certificate-name: " + mqtt.auth().certificateName().keyword());
        to.line(mqtt.acl().isEmpty() ? "  acl: []" : "  acl:");
        mqtt.acl().forEach(rule -> to.line("    - " + rule(rule)));
        to.line("  limits:");
        limits(mqtt.limits(), to);
    }

    private static String rule(TopicAcl.Rule rule) {
        return "{"
                + rule.userName().map(user -> "user: " + quoted(user) + ", ").orElse("")
                + rule.clientId().map(id -> "client-id: " + quoted(id) + ", ").orElse("")
                + (rule.allow() ? "allow: " : "deny: ") + quoted(rule.pattern()) + "}";
    }

    private static void limits(MqttLimits limits, EffectiveConfiguration to) {
        to.line("    connections: " + limits.maxConnections());
        to.line("    memory: " + SizeText.format(limits.maxInboxBytes()));
        to.line("    sessions: " + limits.maxKeptSessions());
        to.line("    publishes-per-second: " + limits.maxPublishesPerSecond());
        to.line("    bytes-per-second: " + SizeText.format(limits.maxBytesPerSecond()));
        to.line("    in-flight: " + limits.receiveMaximum());
        to.line("    held: " + SizeText.format(limits.maxHeldBytes()));
        to.line("    packet: " + SizeText.format(limits.maxPacketSize()));
        to.line("    topic-length: " + SizeText.format(limits.maxTopicBytes()));
        to.line("    topic-levels: " + limits.maxTopicLevels());
        to.line("    topic-aliases: " + limits.topicAliasMaximum());
        to.line("    client-id-length: " + SizeText.format(limits.maxClientIdBytes()));
        to.line("    session-expiry: " + DurationText.format(limits.maxSessionExpiry()));
        to.line("    keep-alive: " + DurationText.format(limits.maxKeepAlive()));
        to.line("    connect-timeout: " + DurationText.format(limits.connectTimeout()));
    }
}
