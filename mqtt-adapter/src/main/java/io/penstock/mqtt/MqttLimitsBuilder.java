package io.penstock.mqtt;

import io.penstock.mqtt.MqttLimits.Load;
import io.penstock.mqtt.MqttLimits.Names;
import io.penstock.mqtt.MqttLimits.Packets;
import io.penstock.mqtt.MqttLimits.Sessions;
import io.penstock.mqtt.MqttLimits.Times;
import java.time.Duration;

/**
 * Builds {@link MqttLimits}; unset values keep their default. Each method throws an IllegalArgumentException for a
 * value out of its range. Not thread-safe.
 */
public final class MqttLimitsBuilder {
    private int maxConnections = MqttLimits.defaults().maxConnections();
    private Packets packets = Packets.defaults();
    private Names names = Names.defaults();
    private Load load = Load.defaults();
    private Sessions sessions = Sessions.defaults();
    private Times times = Times.defaults();

    MqttLimitsBuilder() {}

    public MqttLimitsBuilder maxConnections(int value) {
        maxConnections = value;
        return this;
    }

    public MqttLimitsBuilder maxPacketSize(int value) {
        packets = new Packets(value, packets.maxInFlight());
        return this;
    }

    public MqttLimitsBuilder maxInFlight(int value) {
        packets = new Packets(packets.maxPacketSize(), value);
        return this;
    }

    public MqttLimitsBuilder maxTopicBytes(int value) {
        names = new Names(value, names.maxTopicLevels(), names.topicAliasMaximum(), names.maxClientIdBytes());
        return this;
    }

    public MqttLimitsBuilder maxTopicLevels(int value) {
        names = new Names(names.maxTopicBytes(), value, names.topicAliasMaximum(), names.maxClientIdBytes());
        return this;
    }

    public MqttLimitsBuilder topicAliasMaximum(int value) {
        names = new Names(names.maxTopicBytes(), names.maxTopicLevels(), value, names.maxClientIdBytes());
        return this;
    }

    public MqttLimitsBuilder maxClientIdBytes(int value) {
        names = new Names(names.maxTopicBytes(), names.maxTopicLevels(), names.topicAliasMaximum(), value);
        return this;
    }

    public MqttLimitsBuilder maxHeldBytes(int value) {
        load = new Load(
                value,
                load.maxPublishesPerSecond(),
                load.maxBytesPerSecond(),
                load.maxInboxBytes(),
                load.maxPendingBytes());
        return this;
    }

    public MqttLimitsBuilder maxPublishesPerSecond(int value) {
        load = new Load(
                load.maxHeldBytes(), value, load.maxBytesPerSecond(), load.maxInboxBytes(), load.maxPendingBytes());
        return this;
    }

    public MqttLimitsBuilder maxBytesPerSecond(int value) {
        load = new Load(
                load.maxHeldBytes(), load.maxPublishesPerSecond(), value, load.maxInboxBytes(), load.maxPendingBytes());
        return this;
    }

    public MqttLimitsBuilder maxInboxBytes(long value) {
        load = new Load(
                load.maxHeldBytes(),
                load.maxPublishesPerSecond(),
                load.maxBytesPerSecond(),
                value,
                load.maxPendingBytes());
        return this;
    }

    public MqttLimitsBuilder maxPendingBytes(int value) {
        load = new Load(
                load.maxHeldBytes(),
                load.maxPublishesPerSecond(),
                load.maxBytesPerSecond(),
                load.maxInboxBytes(),
                value);
        return this;
    }

    public MqttLimitsBuilder maxKeptSessions(int value) {
        sessions = new Sessions(value, sessions.maxSessionExpiry());
        return this;
    }

    public MqttLimitsBuilder maxSessionExpiry(Duration value) {
        sessions = new Sessions(sessions.maxKeptSessions(), value);
        return this;
    }

    public MqttLimitsBuilder maxKeepAlive(Duration value) {
        times = new Times(
                value,
                times.connectTimeout(),
                times.packetTimeout(),
                times.slowReaderTimeout(),
                times.pingDelay(),
                times.drainTimeout());
        return this;
    }

    public MqttLimitsBuilder connectTimeout(Duration value) {
        times = new Times(
                times.maxKeepAlive(),
                value,
                times.packetTimeout(),
                times.slowReaderTimeout(),
                times.pingDelay(),
                times.drainTimeout());
        return this;
    }

    public MqttLimitsBuilder packetTimeout(Duration value) {
        times = new Times(
                times.maxKeepAlive(),
                times.connectTimeout(),
                value,
                times.slowReaderTimeout(),
                times.pingDelay(),
                times.drainTimeout());
        return this;
    }

    public MqttLimitsBuilder slowReaderTimeout(Duration value) {
        times = new Times(
                times.maxKeepAlive(),
                times.connectTimeout(),
                times.packetTimeout(),
                value,
                times.pingDelay(),
                times.drainTimeout());
        return this;
    }

    public MqttLimitsBuilder pingDelay(Duration value) {
        times = new Times(
                times.maxKeepAlive(),
                times.connectTimeout(),
                times.packetTimeout(),
                times.slowReaderTimeout(),
                value,
                times.drainTimeout());
        return this;
    }

    public MqttLimitsBuilder drainTimeout(Duration value) {
        times = new Times(
                times.maxKeepAlive(),
                times.connectTimeout(),
                times.packetTimeout(),
                times.slowReaderTimeout(),
                times.pingDelay(),
                value);
        return this;
    }

    public MqttLimits build() {
        return new MqttLimits(maxConnections, packets, names, load, sessions, times);
    }
}
