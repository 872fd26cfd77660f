package io.penstock.forward.server.internal.message;

import io.penstock.base.ack.Watermark;

/**
 * A part of what a connection owes its sender.
 *
 * @param where the place that has to become durable
 * @param offset up to and including this one
 * @param ack what to write then; empty where a later part of the same chunk carries it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; the bytes go to the socket as they are
public record Owed(Watermark where, long offset, byte[] ack) {
    static final byte[] NOTHING = {};

    public boolean isDurable() {
        return where.end() > offset;
    }
}
