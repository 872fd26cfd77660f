package io.penstock.mqtt.bridge;

import io.penstock.mqtt.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a bridge connects to and subscribes to.
 *
 * @param name of the bridge, in log lines and its state
 * @param urls are tried in turn; at least one
 * @param version MQTT 5 or 3.1.1
 * @param clientId stays the same over restarts: the broker keeps the session under it. Connection 0 has this
 *     identifier, connection 1 the same with {@code -1} behind it, and so on
 * @param topics at least one; no filter twice
 * @param sharedGroup the group of {@code $share} subscriptions, which share the messages among all connections in it
 * @param connections more than one needs a shared group: otherwise each would get every message
 */
public record BridgeSettings(
        String name,
        List<BridgeUrl> urls,
        ProtocolVersion version,
        String clientId,
        List<BridgeTopic> topics,
        Optional<String> sharedGroup,
        int connections,
        Session session,
        Login login,
        BridgeTls tls,
        Limits limits,
        Retry retry) {
    private static final int LONGEST_CLIENT_ID = 1024;
    private static final int MOST_CONNECTIONS = 64;

    public BridgeSettings {
        urls = List.copyOf(urls);
        topics = List.copyOf(topics);
        require(!urls.isEmpty(), "a bridge needs a URL of a broker");
        require(!topics.isEmpty(), "a bridge needs a topic filter");
        require(version != ProtocolVersion.MQTT_3_1, "a bridge speaks MQTT 5 or 3.1.1, not 3.1");
        require(!clientId.isEmpty(), "a bridge needs a client identifier that stays the same");
        require(
                clientId.getBytes(StandardCharsets.UTF_8).length <= LONGEST_CLIENT_ID,
                "the client identifier is longer than " + LONGEST_CLIENT_ID + " bytes");
        require(connections >= 1 && connections <= MOST_CONNECTIONS, "connections must be 1 to " + MOST_CONNECTIONS);
        require(
                connections == 1 || sharedGroup.isPresent(),
                "several connections need a shared group; without one each connection gets every message");
        require(
                session.takeOver().isEmpty() || sharedGroup.isPresent() && version == ProtocolVersion.MQTT_5,
                "sessions are taken over in a shared group and with MQTT 5 only");
        sharedGroup.ifPresent(group -> require(
                !group.isEmpty() && group.chars().noneMatch(c -> c == '/' || c == '+' || c == '#' || c == 0),
                "the shared group '" + group + "' must not be empty or hold / + #"));
        Set<String> filters = new HashSet<>();
        for (BridgeTopic topic : topics) {
            require(filters.add(topic.filter()), "topic filter '" + topic.filter() + "' stands there twice");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * @param expiry how long the broker keeps the session without a connection; zero: not at all, so what it delivers
     *     meanwhile is lost. MQTT 3.1.1 knows only zero and not zero
     * @param keepAlive the bridge pings at least this often
     * @param takeOver which other sessions of the shared group the bridge takes over
     */
    public record Session(Duration expiry, Duration keepAlive, Optional<TakeOver> takeOver) {
        /** Bounds of the keep alive in seconds. */
        private static final int MOST_KEEP_ALIVE = 0xFFFF;

        public Session {
            require(!expiry.isNegative() && expiry.toSeconds() <= 0xFFFF_FFFFL, "the session expiry is out of range");
            require(
                    keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= MOST_KEEP_ALIVE,
                    "the keep alive must be 1 to " + MOST_KEEP_ALIVE + " seconds");
        }

        /** Takes over no other session. */
        public Session(Duration expiry, Duration keepAlive) {
            this(expiry, keepAlive, Optional.empty());
        }

        /** Seven days, and a ping each minute. */
        public static Session usual() {
            return new Session(Duration.ofDays(7), Duration.ofSeconds(60));
        }
    }

    /**
     * While a client of the shared group is away, another one takes its session over, with all that the broker has for
     * it. The broker tells the group by the will of the one that is away.
     *
     * @param members the client identifiers of the group, of each the one of connection 0; the bridge's own does not
     *     count
     * @param after how long a client must have been away
     */
    public record TakeOver(List<String> members, Duration after) {
        /** Before the name of the group in the topic of the wills. */
        private static final String TOPIC = "penstock/away/";

        public TakeOver {
            members = List.copyOf(members);
            require(
                    after.toSeconds() >= 1 && after.toSeconds() <= 0xFFFF_FFFFL,
                    "the time to take over is out of range");
        }
    }

    /**
     * What CONNECT says about the user. Files are read again at each connect; one line end at their end is left out.
     *
     * @param user the name; a {@code userFile} comes before it
     */
    public record Login(Optional<String> user, Optional<Path> userFile, Optional<Path> passwordFile) {
        /** Neither name nor password. */
        public static Login none() {
            return new Login(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /**
     * @param receiveMaximum publishes of QoS 1 and 2 that may wait for the disk; told to MQTT 5 brokers. A broker that
     *     sends more is read no further for a while
     * @param maxPacketSize the largest packet that is handed over whole; of a larger one only its beginning goes to
     *     {@link BridgeHandler#onTooLarge}
     * @param announceMaxPacket true if MQTT 5 brokers are told the maximum. A broker then throws larger messages away,
     *     and nothing tells of them
     * @param topicAliasMaximum topic aliases that an MQTT 5 broker may use
     * @param heldBytes how far is read on while there is no room
     */
    public record Limits(
            int receiveMaximum, int maxPacketSize, boolean announceMaxPacket, int topicAliasMaximum, int heldBytes) {
        private static final int LARGEST_PACKET = 268_435_460;
        private static final int MOST_ALIASES = 0xFFFF;

        public Limits {
            require(receiveMaximum >= 1 && receiveMaximum <= 0xFFFF, "the receive maximum must be 1 to 65535");
            require(maxPacketSize >= 1024 && maxPacketSize <= LARGEST_PACKET, "the packet maximum is out of range");
            require(topicAliasMaximum >= 0 && topicAliasMaximum <= MOST_ALIASES, "the alias maximum is out of range");
            require(heldBytes >= 1024, "at least 1024 bytes are held");
        }

        /** 1,000 publishes, packets of 1 MiB, 16 aliases. */
        public static Limits usual() {
            return new Limits(1000, 1 << 20, false, 16, 64 << 10);
        }
    }

    /**
     * Pauses before what failed is tried again. Each pause between connects is chosen at random between {@code least}
     * and three times the one before it, at most {@code most}.
     *
     * @param filters before refused filters are asked for again; it doubles four times at most
     */
    public record Retry(Duration least, Duration most, Duration filters, Duration answer) {
        public Retry {
            require(least.toMillis() >= 1 && most.compareTo(least) >= 0, "the pauses are out of order");
        }

        /** Half a second to a minute; filters after a minute; answers within 30 seconds. */
        public static Retry usual() {
            return new Retry(
                    Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(30));
        }
    }

    /** One connection of MQTT 5 with the usual limits. */
    public static BridgeSettings of(String name, String clientId, BridgeUrl url, List<BridgeTopic> topics) {
        return new BridgeSettings(
                name,
                List.of(url),
                ProtocolVersion.MQTT_5,
                clientId,
                topics,
                Optional.empty(),
                1,
                Session.usual(),
                Login.none(),
                BridgeTls.usual(),
                Limits.usual(),
                Retry.usual());
    }

    /** The identifier of one connection. */
    public String clientId(int connection) {
        return numbered(clientId, connection);
    }

    private static String numbered(String clientId, int connection) {
        return connection == 0 ? clientId : clientId + "-" + connection;
    }

    /** The same with a session that ends with its connection. */
    public BridgeSettings withoutSession() {
        return new BridgeSettings(
                name,
                urls,
                version,
                clientId,
                topics,
                sharedGroup,
                connections,
                new Session(Duration.ZERO, session.keepAlive()),
                login,
                tls,
                limits,
                retry);
    }

    /** The topic of the wills by which the group learns that a client is away; empty if no session is taken over. */
    public Optional<String> awayTopic() {
        return session.takeOver().isPresent() ? sharedGroup.map(group -> TakeOver.TOPIC + group) : Optional.empty();
    }

    /** True if a session of this identifier is taken over while its client is away. */
    public boolean takesOver(String away) {
        return session.takeOver()
                .filter(over -> over.members().stream()
                        .flatMap(member -> IntStream.range(0, connections).mapToObj(index -> numbered(member, index)))
                        .anyMatch(away::equals))
                .isPresent();
    }

    /** The filter as it is sent to the broker. */
    public String wireFilter(BridgeTopic topic) {
        return sharedGroup
                .map(group -> "$share/" + group + "/" + topic.filter())
                .orElse(topic.filter());
    }
}
