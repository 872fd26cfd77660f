package io.penstock.tools.bench;

import io.netty.handler.ssl.SslContext;
import io.penstock.tools.bench.wire.EventMark;
import java.time.Duration;
import java.util.Optional;

/**
 * How much to send, whatever the protocol.
 *
 * @param connections how many at a time, each with its own sequence of events
 * @param limit after which no more is sent
 * @param timeout how long to wait without any progress: for a connection, an acknowledgement, an event in the stream
 * @param accounting whether to remember which events were acknowledged: 1 bit for each
 */
public record Plan(
        Receiver receiver, int connections, Events events, Duration limit, Duration timeout, boolean accounting) {
    /**
     * Where events are sent to.
     *
     * @param tls of encrypted connections
     */
    public record Receiver(String host, int port, Optional<SslContext> tls) {
        /** In plain text. */
        public Receiver(String host, int port) {
            this(host, port, Optional.empty());
        }
    }

    /**
     * @param number in all, or {@link #UNBOUNDED}
     * @param size bytes of each event's text, at least {@link #MIN_SIZE}; what the protocol puts around it is not
     *     counted
     * @param rate per second in all; 0: as fast as answers come
     */
    public record Events(long number, int size, double rate) {}

    /** As many events as there is time for. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** No limit on time that would matter. */
    public static final Duration ANY_TIME = Duration.ofDays(365);

    /** The smallest event, since each carries its mark. */
    public static final int MIN_SIZE = EventMark.LENGTH;

    /** The largest event: what a stream can take at all. */
    public static final int MAX_SIZE = 10 << 20;

    /** The most connections. */
    public static final int MAX_CONNECTIONS = EventMark.MAX_CONNECTIONS;

    /** How many of the events are those of {@code connection}. */
    int shareOf(int connection) {
        if (events.number == UNBOUNDED) {
            return Integer.MAX_VALUE;
        }
        long share = events.number / connections + (connection < events.number % connections ? 1 : 0);
        return (int) Math.min(Integer.MAX_VALUE, share);
    }
}
