package io.penstock.engine.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.text.RateLimitedLog;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * The engine's counters. Thread-safe. Label values come from the API model's operations and error types, so their
 * number is bounded.
 *
 * <ul>
 *   <li>{@code penstock.engine.calls}: calls by {@code operation} and {@code outcome}, {@code ok} or the error type
 *   <li>{@code penstock.engine.stored.records} and {@code .bytes}: put and on disk
 *   <li>{@code penstock.engine.throttled.records}: refused by a shard's limits
 *   <li>{@code penstock.engine.scaled}: changes of the shards of streams in on-demand mode, by {@code direction}: {@code
 *       up} or {@code down}
 *   <li>{@code penstock.engine.read.records} and {@code .bytes}: returned by GetRecords and pushed to subscriptions
 *   <li>{@code penstock.engine.dropped}: clients that were dropped because they did not read, by {@code unread}: an
 *       {@code answer}, a {@code subscription}, or small answers on a {@code connection}
 *   <li>{@code penstock.engine.turned.away}: connections that were refused or closed for lack of room
 * </ul>
 */
public final class EngineMeters {
    private static final String OK = "ok";

    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(EngineMeters.class));
    private final MeterRegistry registry;
    private final Counter storedRecords;
    private final Counter storedBytes;
    private final Counter throttledRecords;
    private final Counter readRecords;
    private final Counter readBytes;
    private final Counter turnedAway;
    private final Counter scaledUp;
    private final Counter scaledDown;
    /** By operation. */
    private final Map<String, Counter> answered = new ConcurrentHashMap<>();

    public EngineMeters(MeterRegistry registry) {
        this.registry = registry;
        this.storedRecords = counter("stored.records", "Records put.");
        this.storedBytes = counter("stored.bytes", "Data and partition keys of records put.");
        this.throttledRecords = counter("throttled.records", "Records that a shard's limits turned away.");
        this.readRecords = counter("read.records", "Records given out, by GetRecords and to subscriptions.");
        this.readBytes = counter("read.bytes", "Data and partition keys of records given out.");
        this.turnedAway = counter("turned.away", "Connections refused for want of room, or closed to make room.");
        this.scaledUp = scaled("up");
        this.scaledDown = scaled("down");
        // Registered from the start, so that a query before the first call finds zero instead of no series.
        answered.computeIfAbsent("PutRecords", this::ok);
        for (String unread : List.of("answer", "subscription", "connection")) {
            dropped(unread);
        }
    }

    /** A call has succeeded. */
    public void answered(String operation) {
        answered.computeIfAbsent(operation, this::ok).increment();
    }

    /** A call was refused. */
    public void refused(String operation, String errorType) {
        calls(operation, errorType).increment();
    }

    private Counter scaled(String direction) {
        return counter("scaled", "Changes of the shards of streams in on-demand mode.", "direction", direction);
    }

    /** @param labels names and values, in turn */
    private Counter counter(String name, String description, String... labels) {
        return Counter.builder("penstock.engine." + name)
                .description(description)
                .tags(labels)
                .register(registry);
    }

    private Counter dropped(String unread) {
        return counter("dropped", "Clients dropped because they did not read.", "unread", unread);
    }

    private Counter ok(String operation) {
        return calls(operation, OK);
    }

    private Counter calls(String operation, String outcome) {
        return counter("calls", "Calls of the Kinesis API.", "operation", operation, "outcome", outcome);
    }

    /** Records were stored. */
    public void stored(int records, long bytes) {
        storedRecords.increment(records);
        storedBytes.increment((double) bytes);
    }

    /** Records were refused by a shard's limits. */
    public void throttled(int records) {
        throttledRecords.increment(records);
    }

    /** A stream in on-demand mode has changed its shards. */
    public void scaled(boolean up) {
        (up ? scaledUp : scaledDown).increment();
    }

    /** Records were returned to a client. */
    public void read(int records, long bytes) {
        readRecords.increment(records);
        readBytes.increment((double) bytes);
    }

    /**
     * A client was dropped because it did not read.
     *
     * @param unread what it did not read: answer, subscription, connection
     */
    public void dropped(String unread, String peer) {
        dropped(unread).increment();
        log.warn(
                unread,
                "dropped " + peer + ", which does not read its " + unread
                        + ": see whether that client hangs, or reads more slowly than 16 KiB a second");
    }

    /** The engine could not read a shard for a registered consumer, whose subscription ends. */
    public void readFailed(String stream, String consumer, Throwable cause) {
        log.error("unreadable " + stream, "stream " + stream + ": reading for consumer " + consumer + " failed", cause);
    }

    /** A connection was refused for lack of room, or closed to make room for another one. */
    public void turnedAway(SocketAddress peer, String why) {
        turnedAway.increment();
        String host = peer instanceof InetSocketAddress socket ? socket.getHostString() : String.valueOf(peer);
        log.warn("turned away " + host, "The Kinesis API refuses a connection of " + peer + ": " + why);
    }
}
