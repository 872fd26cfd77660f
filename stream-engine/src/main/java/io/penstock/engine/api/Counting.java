package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.meter.EngineMeters;
import java.net.SocketAddress;

/** Counts the engine's calls. Thread-safe. */
public record Counting(EngineMeters meters) implements FrontListener {
    @Override
    public void answered(String operation) {
        meters.answered(operation);
    }

    @Override
    public void refused(String operation, ServiceException refusal, String peer) {
        meters.refused(operation, refusal.type().wireName());
    }

    @Override
    public void dropped(String unread, String peer) {
        meters.dropped(unread, peer);
    }

    @Override
    public void turnedAway(SocketAddress peer, String why) {
        meters.turnedAway(peer, why);
    }
}
