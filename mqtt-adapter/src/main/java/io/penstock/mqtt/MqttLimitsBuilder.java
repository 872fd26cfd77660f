package io.penstock.mqtt;

import java.time.Duration;

/** Builds {@link MqttLimits}; unset values keep their default. Not thread-safe. */
public final class MqttLimitsBuilder {
    private int maxConnections = 20_000;
    private int maxPacketSize = 2 * 1024 * 1024;
    private int receiveMaximum = 1000;
    private int maxOwed = 4096;
    private int maxTopicBytes = 1024;
    private int maxTopicLevels = 64;
    private int topicAliasMaximum = 32;
    private int maxClientIdBytes = 512;
    private int maxHeldBytes = 64 * 1024;
    private int maxPublishesPerSecond = 0;
    private int maxBytesPerSecond = 0;
    private long maxInboxBytes = 256L * 1024 * 1024;
    private int maxPendingBytes = 64 * 1024;
    private int maxKeptSessions = 100_000;
    private Duration maxSessionExpiry = Duration.ofDays(1);
    private Duration maxKeepAlive = Duration.ofSeconds(0xFFFF);
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration packetTimeout = Duration.ofMinutes(1);
    private Duration slowReaderTimeout = Duration.ofSeconds(30);
    private Duration pingDelay = Duration.ofSeconds(2);
    private Duration drainTimeout = Duration.ofSeconds(5);

    MqttLimitsBuilder() {}

    public MqttLimitsBuilder maxConnections(int maxConnections) {
        this.maxConnections = maxConnections;
        return this;
    }

    public MqttLimitsBuilder maxPacketSize(int maxPacketSize) {
        this.maxPacketSize = maxPacketSize;
        return this;
    }

    public MqttLimitsBuilder receiveMaximum(int receiveMaximum) {
        this.receiveMaximum = receiveMaximum;
        return this;
    }

    public MqttLimitsBuilder maxOwed(int maxOwed) {
        this.maxOwed = maxOwed;
        return this;
    }

    public MqttLimitsBuilder maxTopicBytes(int maxTopicBytes) {
        this.maxTopicBytes = maxTopicBytes;
        return this;
    }

    public MqttLimitsBuilder maxTopicLevels(int maxTopicLevels) {
        this.maxTopicLevels = maxTopicLevels;
        return this;
    }

    public MqttLimitsBuilder topicAliasMaximum(int topicAliasMaximum) {
        this.topicAliasMaximum = topicAliasMaximum;
        return this;
    }

    public MqttLimitsBuilder maxClientIdBytes(int maxClientIdBytes) {
        this.maxClientIdBytes = maxClientIdBytes;
        return this;
    }

    public MqttLimitsBuilder maxHeldBytes(int maxHeldBytes) {
        this.maxHeldBytes = maxHeldBytes;
        return this;
    }

    public MqttLimitsBuilder maxPublishesPerSecond(int maxPublishesPerSecond) {
        this.maxPublishesPerSecond = maxPublishesPerSecond;
        return this;
    }

    public MqttLimitsBuilder maxBytesPerSecond(int maxBytesPerSecond) {
        this.maxBytesPerSecond = maxBytesPerSecond;
        return this;
    }

    public MqttLimitsBuilder maxInboxBytes(long maxInboxBytes) {
        this.maxInboxBytes = maxInboxBytes;
        return this;
    }

    public MqttLimitsBuilder maxPendingBytes(int maxPendingBytes) {
        this.maxPendingBytes = maxPendingBytes;
        return this;
    }

    public MqttLimitsBuilder maxKeptSessions(int maxKeptSessions) {
        this.maxKeptSessions = maxKeptSessions;
        return this;
    }

    public MqttLimitsBuilder maxSessionExpiry(Duration maxSessionExpiry) {
        this.maxSessionExpiry = maxSessionExpiry;
        return this;
    }

    public MqttLimitsBuilder maxKeepAlive(Duration maxKeepAlive) {
        this.maxKeepAlive = maxKeepAlive;
        return this;
    }

    public MqttLimitsBuilder connectTimeout(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
        return this;
    }

    public MqttLimitsBuilder packetTimeout(Duration packetTimeout) {
        this.packetTimeout = packetTimeout;
        return this;
    }

    public MqttLimitsBuilder slowReaderTimeout(Duration slowReaderTimeout) {
        this.slowReaderTimeout = slowReaderTimeout;
        return this;
    }

    public MqttLimitsBuilder pingDelay(Duration pingDelay) {
        this.pingDelay = pingDelay;
        return this;
    }

    public MqttLimitsBuilder drainTimeout(Duration drainTimeout) {
        this.drainTimeout = drainTimeout;
        return this;
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException naming the first value that is out of its range
     */
    public MqttLimits build() {
        return new MqttLimits(
                maxConnections,
                maxPacketSize,
                receiveMaximum,
                maxOwed,
                maxTopicBytes,
                maxTopicLevels,
                topicAliasMaximum,
                maxClientIdBytes,
                maxHeldBytes,
                maxPublishesPerSecond,
                maxBytesPerSecond,
                maxInboxBytes,
                maxPendingBytes,
                maxKeptSessions,
                maxSessionExpiry,
                maxKeepAlive,
                connectTimeout,
                packetTimeout,
                slowReaderTimeout,
                pingDelay,
                drainTimeout);
    }
}
