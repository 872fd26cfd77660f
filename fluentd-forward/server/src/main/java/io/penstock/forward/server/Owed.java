package io.penstock.forward.server;

import io.penstock.base.ack.Watermark;

/**
 * Where a part of a chunk was stored.
 *
 * @param where the place that has to become durable
 * @param offset up to and including this one
 */
public record Owed(Watermark where, long offset) {
    public boolean isDurable() {
        return where.end() > offset;
    }
}
