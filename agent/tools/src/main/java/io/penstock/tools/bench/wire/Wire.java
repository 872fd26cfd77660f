package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;

/** How one connection speaks its protocol: bytes out, answers in. One for each connection, on its loop. */
public interface Wire {
    /** The wire of one connection of a run, to a receiver at {@code host} and {@code port}. */
    static Wire of(Load load, String host, int port, String run, EventText text, int connection) {
        if (load instanceof MqttLoad mqtt) {
            return new MqttWire(mqtt, text, run, connection);
        }
        if (load instanceof ForwardLoad forward) {
            return new ForwardWire(forward, text, run, connection);
        }
        return new HttpWire((HttpLoad) load, text, run, host, port, connection);
    }

    /** Writes what opens the connection; whether {@link Answers#ready} must be waited for. */
    boolean greet(ByteBuf out);

    /** Writes {@code count} events from sequence {@code first}, to be answered under {@code slot}. */
    void write(ByteBuf out, int slot, int first, int count);

    /** Consumes the complete answers in {@code in} and leaves the rest. */
    void read(ByteBuf in, Answers answers);

    /** Writes what ends the connection in order. */
    void farewell(ByteBuf out);

    /** Takes what a wire has understood. */
    interface Answers {
        /** The connection may send, with at most {@code window} slots open. */
        void ready(int window);

        /** The slot's events are acknowledged. */
        void acknowledged(int slot);

        /** The slot may be used again. */
        void release(int slot);

        /** The slot's events were refused; the slot may be used again. */
        void refused(int slot, String reason);

        /** The connection is of no use any more. */
        void broken(String reason);

        /** Where to write what must go back at once. */
        ByteBuf out();
    }
}
