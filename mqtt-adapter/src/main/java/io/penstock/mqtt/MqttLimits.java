package io.penstock.mqtt;

import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import java.time.Duration;

/**
 * The limits of a server. Everything that a client can make grow or last has a limit.
 *
 * @param maxConnections open connections; a further CONNECT is answered "server busy"
 */
public record MqttLimits(
        @Key("connections") @Range(least = "1", most = "1000000") @Doc("connections at once")
        int maxConnections,

        @Inline Packets packets,

        @Inline Names names,

        @Inline Load load,

        @Inline Sessions sessions,

        @Inline Times times) {

    public MqttLimits {
        range("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
    }

    /**
     * One packet, and how many publishes of one client may wait to be durable.
     *
     * @param maxPacketSize bytes of one packet with its header; announced to MQTT 5 clients
     * @param maxInFlight publishes of one connection that wait to be durable; at the limit reading pauses
     */
    public record Packets(
            @Key("packet") @Bytes @Range(least = "128", most = "256MiB") @Doc("one packet; 128 bytes to 256MiB")
            int maxPacketSize,

            @Key("in-flight")
            @Range(least = "1", most = "65535")
            @Doc("publishes of one client that wait for their acknowledgement; at the limit it is read no further")
            int maxInFlight) {
        private static final int LARGEST_PACKET = 268_435_460;

        public Packets {
            range("maxPacketSize", maxPacketSize, 128, LARGEST_PACKET);
            range("maxInFlight", maxInFlight, 1, 0xFFFF);
        }

        static Packets defaults() {
            return new Packets(2 << 20, 4096);
        }
    }

    /**
     * What a client may name.
     *
     * @param maxTopicBytes length of a topic name
     * @param maxTopicLevels levels of a topic name
     * @param topicAliasMaximum topic aliases per connection; announced
     * @param maxClientIdBytes length of a client identifier
     */
    public record Names(
            @Key("topic-length") @Bytes @Range(least = "1", most = "65535") @Doc("a topic; up to 65535 bytes")
            int maxTopicBytes,

            @Key("topic-levels") @Range(least = "1", most = "65536") @Doc("levels of a topic")
            int maxTopicLevels,

            @Key("topic-aliases") @Range(most = "65535") @Doc("topic aliases per connection")
            int topicAliasMaximum,

            @Key("client-id-length")
            @Bytes
            @Range(least = "23", most = "65535")
            @Doc("a client identifier; 23 to 65535 bytes")
            int maxClientIdBytes) {

        public Names {
            range("maxTopicBytes", maxTopicBytes, 1, 0xFFFF);
            range("maxTopicLevels", maxTopicLevels, 1, 0x10000);
            range("topicAliasMaximum", topicAliasMaximum, 0, 0xFFFF);
            range("maxClientIdBytes", maxClientIdBytes, 23, 0xFFFF);
        }

        static Names defaults() {
            return new Names(1024, 64, 32, 512);
        }
    }

    /**
     * How much clients may bring, and leave unread.
     *
     * @param maxHeldBytes bytes that are read per connection while there is no room for its publishes
     * @param maxPublishesPerSecond of one connection; a faster client is slowed down; 0: unlimited
     * @param maxBytesPerSecond of one connection's publishes; a faster client is slowed down; 0: unlimited
     * @param maxInboxBytes bytes of unfinished and held packets of all connections together
     * @param maxPendingBytes unsent bytes for a client that does not read; at the limit reading from the client pauses
     */
    public record Load(
            @Key("held")
            @Bytes
            @Range(most = "1GiB")
            @Doc("bytes read on per connection while there is no room for its publishes")
            int maxHeldBytes,

            @Key("publishes-per-second") @Range @Doc("of one connection; a faster one is held back; 0: any number")
            int maxPublishesPerSecond,

            @Key("bytes-per-second")
            @Bytes
            @Range(most = "1GiB")
            @Doc("of one connection's publishes; a faster one is held back; 0: any number")
            int maxBytesPerSecond,

            @Key("memory") @Bytes @Range(least = "1MiB") @Doc("unfinished and held packets of all connections together")
            long maxInboxBytes,

            int maxPendingBytes) {

        public Load {
            range("maxHeldBytes", maxHeldBytes, 0, Integer.MAX_VALUE);
            range("maxPublishesPerSecond", maxPublishesPerSecond, 0, Integer.MAX_VALUE);
            range("maxBytesPerSecond", maxBytesPerSecond, 0, Integer.MAX_VALUE);
            range("maxInboxBytes", maxInboxBytes, 0, Long.MAX_VALUE);
            range("maxPendingBytes", maxPendingBytes, 1024, Integer.MAX_VALUE);
        }

        static Load defaults() {
            return new Load(64 << 10, 0, 0, 256L << 20, 64 << 10);
        }
    }

    /**
     * Sessions without a connection.
     *
     * @param maxKeptSessions sessions kept without a connection; at the limit a session ends with its connection
     * @param maxSessionExpiry how long a session is kept without its connection
     */
    public record Sessions(
            @Key("sessions") @Range(most = "10000000") @Doc("sessions kept without a connection")
            int maxKeptSessions,

            @Key("session-expiry")
            @Range(most = "365d")
            @Doc("how long a session is kept without its connection; up to 365d")
            Duration maxSessionExpiry) {

        public Sessions {
            range("maxKeptSessions", maxKeptSessions, 0, Integer.MAX_VALUE);
        }

        static Sessions defaults() {
            return new Sessions(100_000, Duration.ofDays(1));
        }
    }

    /**
     * How long the server waits.
     *
     * @param maxKeepAlive in seconds, up to 65,535; an MQTT 5 client with a longer or no keep alive is told this value
     * @param connectTimeout from accepting a connection to its CONNECT
     * @param packetTimeout for the rest of a packet on a connection without keep alive
     * @param slowReaderTimeout for a client to read the pending bytes; for a QoS 2 publish to find memory for its packet
     *     identifier
     * @param pingDelay the longest time that a PINGRESP waits for QoS 0 publishes to become durable
     * @param drainTimeout how long {@link MqttServer#close()} waits for acknowledgements to become due, and how long
     * the
     *     packets that a client sent before it disconnected wait for room
     */
    public record Times(
            @Key("keep-alive")
            @Range(least = "1s", most = "65535s")
            @Doc("longest keep alive; MQTT 5 clients that ask for more, or for none, are told this one")
            Duration maxKeepAlive,

            @Key("connect-timeout")
            @Range(least = "100ms", most = "10m")
            @Doc("from accepting a connection to its CONNECT; TLS and WebSocket handshakes included")
            Duration connectTimeout,

            Duration packetTimeout,

            Duration slowReaderTimeout,

            Duration pingDelay,

            Duration drainTimeout) {

        public Times {
            range("maxKeepAlive in seconds", maxKeepAlive.toSeconds(), 1, 0xFFFF);
        }

        static Times defaults() {
            return new Times(
                    Duration.ofSeconds(0xFFFF),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5));
        }
    }

    private static void range(String name, long value, long lowest, long highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(name + " " + value + " is not in " + lowest + ".." + highest);
        }
    }

    /** Limits that suit one host with some thousands of clients. */
    public static MqttLimits defaults() {
        return new MqttLimits(
                20_000, Packets.defaults(), Names.defaults(), Load.defaults(), Sessions.defaults(), Times.defaults());
    }

    /** A builder that starts from the defaults. */
    public static MqttLimitsBuilder builder() {
        return new MqttLimitsBuilder();
    }
}
