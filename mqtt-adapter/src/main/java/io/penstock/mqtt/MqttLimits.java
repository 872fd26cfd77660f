package io.penstock.mqtt;

import java.time.Duration;

/**
 * The bounds of a server. Everything that a peer can make grow or last has one.
 *
 * @param maxConnections connections at once; a CONNECT beyond is answered "server busy"
 * @param maxPacketSize bytes of one packet with its header; announced to MQTT 5 clients
 * @param receiveMaximum unacknowledged QoS 1 and 2 publishes of one MQTT 5 client; announced
 * @param maxOwed publishes of one connection that wait to be durable before it is read no further; a power of two
 * @param maxTopicBytes length of a topic name
 * @param maxTopicLevels levels of a topic name
 * @param topicAliasMaximum topic aliases per connection; announced
 * @param maxClientIdBytes length of a client identifier
 * @param maxHeldBytes bytes read on per connection while there is no room for its publishes
 * @param maxPublishesPerSecond of one connection; faster ones are held back; 0: unlimited
 * @param maxBytesPerSecond of one connection's publishes; 0: unlimited
 * @param maxInboxBytes bytes of unfinished and held packets of all connections together
 * @param maxPendingBytes bytes waiting for a client that does not read before it is read no further
 * @param maxKeptSessions sessions kept without a connection; further ones end with their connection
 * @param maxSessionExpiry how long a session is kept without its connection
 * @param maxKeepAlive keep alive; longer or none is shortened for MQTT 5 clients, who are told. Seconds, up to 65,535
 * @param connectTimeout from accepting a connection to its CONNECT
 * @param packetTimeout for the rest of a packet on a connection without keep alive
 * @param slowReaderTimeout for a client to read what waits for it
 * @param pingDelay how long a PINGRESP waits at most for QoS 0 publishes to become durable
 * @param drainTimeout how long {@link MqttServer#close()} waits for acknowledgements to become due, and how long what a
 *     client sent before it went waits for room
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
