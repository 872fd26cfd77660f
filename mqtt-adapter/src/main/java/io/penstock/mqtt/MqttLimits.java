package io.penstock.mqtt;

import java.time.Duration;

/**
 * The limits of a server. Everything that a client can make grow or last has a limit.
 *
 * @param maxConnections open connections; a further CONNECT is answered "server busy"
 * @param maxPacketSize bytes of one packet with its header; announced to MQTT 5 clients
 * @param receiveMaximum unacknowledged QoS 1 and 2 publishes of one MQTT 5 client; announced
 * @param maxOwed publishes of one connection that wait to be durable; at the limit reading pauses; a power of two
 * @param maxTopicBytes length of a topic name
 * @param maxTopicLevels levels of a topic name
 * @param topicAliasMaximum topic aliases per connection; announced
 * @param maxClientIdBytes length of a client identifier
 * @param maxHeldBytes bytes that are read per connection while there is no room for its publishes
 * @param maxPublishesPerSecond of one connection; a faster client is slowed down; 0: unlimited
 * @param maxBytesPerSecond of one connection's publishes; a faster client is slowed down; 0: unlimited
 * @param maxInboxBytes bytes of unfinished and held packets of all connections together
 * @param maxPendingBytes unsent bytes for a client that does not read; at the limit reading from the client pauses
 * @param maxKeptSessions sessions kept without a connection; at the limit a session ends with its connection
 * @param maxSessionExpiry how long a session is kept without its connection
 * @param maxKeepAlive in seconds, up to 65,535; an MQTT 5 client with a longer or no keep alive is told this value
 * @param connectTimeout from accepting a connection to its CONNECT
 * @param packetTimeout for the rest of a packet on a connection without keep alive
 * @param slowReaderTimeout for a client to read the pending bytes
 * @param pingDelay the longest time that a PINGRESP waits for QoS 0 publishes to become durable
 * @param drainTimeout how long {@link MqttServer#close()} waits for acknowledgements to become due, and how long the
 *     packets that a client sent before it disconnected wait for room
 */
public record MqttLimits(
        int maxConnections,
        int maxPacketSize,
        int receiveMaximum,
        int maxOwed,
        int maxTopicBytes,
        int maxTopicLevels,
        int topicAliasMaximum,
        int maxClientIdBytes,
        int maxHeldBytes,
        int maxPublishesPerSecond,
        int maxBytesPerSecond,
        long maxInboxBytes,
        int maxPendingBytes,
        int maxKeptSessions,
        Duration maxSessionExpiry,
        Duration maxKeepAlive,
        Duration connectTimeout,
        Duration packetTimeout,
        Duration slowReaderTimeout,
        Duration pingDelay,
        Duration drainTimeout) {

    private static final int LARGEST_PACKET = 268_435_460;

    public MqttLimits {
        range("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
        range("maxPacketSize", maxPacketSize, 128, LARGEST_PACKET);
        range("receiveMaximum", receiveMaximum, 1, 0xFFFF);
        range("maxOwed", maxOwed, 16, 1 << 20);
        range("maxTopicBytes", maxTopicBytes, 1, 0xFFFF);
        range("maxTopicLevels", maxTopicLevels, 1, 0x10000);
        range("topicAliasMaximum", topicAliasMaximum, 0, 0xFFFF);
        range("maxClientIdBytes", maxClientIdBytes, 23, 0xFFFF);
        range("maxHeldBytes", maxHeldBytes, 0, Integer.MAX_VALUE);
        range("maxPublishesPerSecond", maxPublishesPerSecond, 0, Integer.MAX_VALUE);
        range("maxBytesPerSecond", maxBytesPerSecond, 0, Integer.MAX_VALUE);
        range("maxInboxBytes", maxInboxBytes, 0, Long.MAX_VALUE);
        range("maxPendingBytes", maxPendingBytes, 1024, Integer.MAX_VALUE);
        range("maxKeptSessions", maxKeptSessions, 0, Integer.MAX_VALUE);
        range("maxKeepAlive in seconds", maxKeepAlive.toSeconds(), 1, 0xFFFF);
        if (Integer.bitCount(maxOwed) != 1) {
            throw new IllegalArgumentException("maxOwed " + maxOwed + " is no power of two");
        }
    }

    private static void range(String name, long value, long lowest, long highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(name + " " + value + " is not in " + lowest + ".." + highest);
        }
    }

    /** Limits that suit one host with some thousands of clients. */
    public static MqttLimits defaults() {
        return builder().build();
    }

    /** A builder that starts from the defaults. */
    public static MqttLimitsBuilder builder() {
        return new MqttLimitsBuilder();
    }
}
