package io.penstock.agent.mqtt;

import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.route.BridgePattern;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Nearest;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Noun;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Word;
import io.penstock.base.settings.Written;
import io.penstock.mqtt.ProtocolVersion;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeTls;
import io.penstock.mqtt.bridge.BridgeTopic;
import io.penstock.mqtt.bridge.BridgeUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An element of {@code mqtt.bridges:} */
public record BridgeSourceSettings(
        @Key(required = "name the bridge, such as plant", example = "plant")
        @Text(
                pattern = "[a-zA-Z0-9_.-]{1,64}",
                reason = "is no name of a bridge",
                remedy = "write 1 to 64 letters, digits, underscores, dots and hyphens")
        @Doc("its name in routes, records, metrics and in the status")
        String name,

        @Key(example = "mqtts://broker-a.example.com:8883")
        @Doc(
                "the broker's addresses, which are tried in turn: `mqtt://`, `mqtts://` (TLS), `ws://` (WebSocket), `wss://`"
                        + " (both), then host, port and, for WebSocket, path; without a port 1883, 8883, 80 or 443")
        @As(Url.class)
        List<BridgeUrl> urls,

        @Key(usual = "5") @Doc("of MQTT: `5` or `3.1.1`") Version version,

        @Key @Doc("what it subscribes to") List<BridgeSourceTopic> topics,

        @Inline Session session,

        @Inline Packets packets,

        @Inline Login login,

        @Key @Doc("for `mqtts://` and `wss://`; left out: the authorities that Java knows, no certificate of its own")
        Optional<BridgeSourceTls> tls)
        implements Completed<BridgeSourceSettings> {

    private static final Duration USUAL_EXPIRY = Duration.ofDays(7);
    private static final int USUAL_ALIASES = 32;
    private static final int HELD_BYTES = 64 << 10;

    /** {@code version:} */
    @Noun("version of MQTT that a bridge speaks")
    public enum Version {
        @Word("5")
        MQTT_5,
        @Word("3.1.1")
        MQTT_3_1_1
    }

    /** An address of a broker. */
    static final class Url implements Notation<BridgeUrl> {
        @Override
        public Parsed<BridgeUrl> parse(String text) {
            try {
                return Parsed.right(BridgeUrl.parse(text));
            } catch (IllegalArgumentException wrong) {
                String[] parts = String.valueOf(wrong.getMessage()).split("; ", 2);
                return Parsed.wrong(parts[0], parts.length > 1 ? parts[1] : "write one such as mqtt://HOST:1883");
            }
        }

        @Override
        public String pattern() {
            return "(mqtts?|wss?)://.+";
        }
    }

    public BridgeSourceSettings {
        urls = List.copyOf(urls);
        topics = List.copyOf(topics);
    }

    /** How the broker knows the bridge. */
    public record Session(
            @Key(example = "penstock")
            @Text(
                    pattern = "[^/+#\\x00]{1,256}",
                    reason = "is no name of a group",
                    remedy = "write 1 to 256 characters without /, + and #")
            @Doc("with it the bridge subscribes to `$share/GROUP/FILTER`: the connections and agents of one group share"
                    + " the messages")
            Optional<String> sharedGroup,

            @Key(usual = "1")
            @Range(least = "1", most = "64")
            @Doc("connections to the broker; more than one only with `shared-group`")
            int connections,

            @Key(example = "gateway-7")
            @Text(what = "a client id", most = 1024)
            @Doc("left out: `penstock-HOST-NAME`. Further connections have `-1`, `-2` and so on behind it. The broker"
                    + " keeps the session under it: another id is another session")
            Optional<String> clientId,

            @Key(usual = "7d")
            @Range(least = "1m", most = "365d")
            @Doc("how long the broker keeps the session, and the messages for it, while the bridge is away; of MQTT 5,"
                    + " with 3.1.1 the broker decides")
            Duration sessionExpiry,

            @Key
            @Doc("with `shared-group` and MQTT 5: an agent of the group that is away has its session, and the messages"
                    + " in it, taken over by another one until it is back; left out: not")
            Optional<BridgeSourceTakeOver> takeOver) {}

    /** How much the broker may send, and what becomes of it. */
    public record Packets(
            @Key(usual = "4096")
            @Range(least = "1", most = "65535")
            @Doc("messages of QoS 1 and 2 that may be unacknowledged on a connection")
            int receiveMaximum,

            @Key(usual = "32") @Range(most = "1000") @Doc("topic aliases that the broker may use, of MQTT 5")
            int topicAliases,

            @Key(usual = "10MiB")
            @Bytes
            @Range(least = "1KiB", most = "256MiB")
            @Doc("the largest packet that is taken whole; of a larger one only the beginning, as a dead letter")
            int packet,

            @Key(usual = "1m")
            @Range(least = "5s", most = "65535s")
            @Doc("of a connection on which nothing happens: a ping, and an end when none is answered")
            Duration keepAlive,

            @Key(usual = "take")
            @Doc("messages that the broker has retained, when the bridge subscribes: `take` or `skip`")
            BridgeTopic.Retained retained,

            @Key(usual = "durable")
            @Doc(
                    "when a message is acknowledged to the broker: once it is written and fdatasync'ed; `memory`: at once, and"
                            + " a power cut or kill loses what was acknowledged a moment before; `delivered`: once the stream"
                            + " has it")
            AckMode ack) {}

    /** The name and password for the broker. */
    public record Login(
            @Key(example = "plant") @Text(what = "a user name", most = 1024) @Doc("the name under which it connects")
            Optional<String> user,

            @Key(example = "/etc/penstock/plant.password")
            @Doc(
                    "a file with the password and nothing else; a line feed at its end does not count. Read at each connect")
            Optional<Path> passwordFile) {}

    /** The filters as they are configured. */
    public List<String> filters() {
        return topics.stream().map(BridgeSourceTopic::filter).toList();
    }

    /** Of each connection, on this host. */
    public List<String> clientIds(String host) {
        return numbered(clientId(host));
    }

    private String clientId(String host) {
        return session.clientId().orElseGet(() -> "penstock-" + host + "-" + name);
    }

    /** As the client wants them. */
    BridgeSettings adapted(String host) {
        return new BridgeSettings(
                name,
                urls,
                version == Version.MQTT_5 ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1,
                clientId(host),
                topics.stream()
                        .map(topic -> new BridgeTopic(topic.filter(), topic.qos(), packets.retained()))
                        .toList(),
                session.sharedGroup(),
                session.connections(),
                new BridgeSettings.Session(
                        session.sessionExpiry(),
                        packets.keepAlive(),
                        session.takeOver().map(BridgeSourceTakeOver::adapted)),
                new BridgeSettings.Login(login.user(), Optional.empty(), login.passwordFile()),
                tls.map(BridgeSourceTls::adapted).orElseGet(BridgeTls::usual),
                new BridgeSettings.Limits(
                        packets.receiveMaximum(), packets.packet(), false, packets.topicAliases(), HELD_BYTES),
                BridgeSettings.Retry.usual());
    }

    private List<String> numbered(String base) {
        return IntStream.range(0, session.connections())
                .mapToObj(index -> index == 0 ? base : base + "-" + index)
                .toList();
    }

    @Override
    public BridgeSourceSettings completed(Written bridge) {
        if (urls.isEmpty() && bridge.right("urls")) {
            empty(bridge, "urls", "name the broker, such as mqtts://broker.example.com:8883");
        }
        if (topics.isEmpty()
                && bridge.right("topics")
                && (!bridge.has("topics") || bridge.sections("topics").isEmpty())) {
            empty(bridge, "topics", "write one such as {filter: \"sensors/#\", qos: 1}");
        }
        for (int i = 0; i < urls.size() && bridge.right("urls"); i++) {
            if (tls.isPresent() && !urls.get(i).scheme().isEncrypted()) {
                bridge.wrongValue(
                        "urls",
                        i,
                        "\"" + urls.get(i) + "\" is not encrypted, and tls stands beside it",
                        "write mqtts:// or wss://, or take tls out");
            }
        }
        BridgeSourceTopic.checkTogether(bridge, topics);
        if (session.connections() > 1 && session.sharedGroup().isEmpty() && bridge.right("shared-group")) {
            bridge.wrong(
                    "connections",
                    "would each take every message, which is then stored " + session.connections() + " times",
                    "write shared-group: beside it");
        }
        if (login.passwordFile().isPresent() && login.user().isEmpty() && bridge.right("user")) {
            bridge.wrong("password-file", "stands without user", "write user: beside it");
        }
        session.takeOver().ifPresent(over -> checkTakeOver(bridge, over));
        if (version == Version.MQTT_3_1_1) {
            unknown(bridge, "session-expiry", !session.sessionExpiry().equals(USUAL_EXPIRY));
            unknown(bridge, "topic-aliases", packets.topicAliases() != USUAL_ALIASES);
            unknown(bridge, "take-over", session.takeOver().isPresent());
        }
        return this;
    }

    private void checkTakeOver(Written bridge, BridgeSourceTakeOver over) {
        if (session.sharedGroup().isEmpty() && bridge.right("shared-group")) {
            bridge.wrong("take-over", "stands without shared-group", "write shared-group: beside it, or take it out");
        }
        if (over.after().compareTo(session.sessionExpiry()) >= 0 && bridge.right("session-expiry")) {
            bridge.wrong(
                    "take-over",
                    "begins when the session has expired",
                    "write a longer session-expiry, or a shorter take-over.after");
        }
    }

    /** @param meant false for the default, which has no effect and which printed settings have */
    private static void unknown(Written bridge, String key, boolean meant) {
        if (meant && bridge.right(key)) {
            bridge.wrong(key, "is unknown to MQTT 3.1.1", "write version: 5, or take it out");
        }
    }

    private static void empty(Written bridge, String key, String remedy) {
        if (bridge.has(key)) {
            bridge.wrong(key, "is empty", remedy);
        } else {
            bridge.lacks(key, "is missing", remedy);
        }
    }

    /** Names and client ids are each there once: a broker ends the connection of a client whose id comes again. */
    static void checkTogether(Written mqtt, List<BridgeSourceSettings> bridges) {
        Set<String> names = new HashSet<>();
        Map<String, String> ids = new HashMap<>();
        for (int i = 0; i < bridges.size(); i++) {
            BridgeSourceSettings bridge = bridges.get(i);
            Written written = mqtt.sections("bridges").get(i);
            if (written.right("name") && !names.add(bridge.name)) {
                written.wrong("name", "\"" + bridge.name + "\" is the name of another bridge", "give each its own");
            }
            if (bridge.session.clientId().isEmpty()) {
                continue;
            }
            for (String id : bridge.clientIds("")) {
                String taken = ids.putIfAbsent(id, bridge.name);
                if (taken != null) {
                    written.wrong(
                            "client-id",
                            "\"" + id + "\" is the client id of bridge " + taken
                                    + " as well: the broker would end the one when the other connects",
                            "give each its own");
                    break;
                }
            }
        }
    }

    /** Why none of {@code bridges} brings what {@code match} could take, and the remedy; empty when one may. */
    public static Optional<String> silent(List<BridgeSourceSettings> bridges, BridgePattern match) {
        if (bridges.stream().anyMatch(bridge -> match.meets(bridge.name, bridge.filters()))) {
            return Optional.empty();
        }
        if (bridges.isEmpty()) {
            return Optional.of("mqtt.bridges is []: write the bridge there, or take the route out");
        }
        List<BridgeSourceSettings> meant = bridges.stream()
                .filter(bridge -> match.bridge().equals(BridgePattern.ANY)
                        || match.bridge().equals(bridge.name))
                .toList();
        if (meant.isEmpty()) {
            List<String> names =
                    bridges.stream().map(BridgeSourceSettings::name).toList();
            return Optional.of("no bridge has this name: "
                    + Nearest.remedy(match.bridge(), names, "the bridges are " + String.join(", ", names)));
        }
        return Optional.of("the bridge subscribes to "
                + meant.stream().flatMap(bridge -> bridge.filters().stream()).collect(Collectors.joining(", "))
                + ": subscribe to its topics too, or take the route out");
    }
}
