package io.penstock.mqtt.internal.publish;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttEvents;
import java.net.SocketAddress;

/** Counts publishes by QoS between two reports, so that the counters are updated once per turn. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Tally {
    private final MqttEvents events;
    private final SocketAddress peer;
    private final int[] counts = new int[3];
    private final long[] bytes = new long[3];
    private boolean wasHeld;
    private int lastHeldBytes;

    Tally(MqttEvents events, SocketAddress peer) {
        this.events = events;
        this.peer = peer;
    }

    void add(int qos, int payloadBytes) {
        counts[qos]++;
        bytes[qos] += payloadBytes;
    }

    /** @param held true if publishes are held for lack of room; then {@code heldBytes} is their size */
    void report(boolean held, int heldBytes) {
        for (int qos = 0; qos < counts.length; qos++) {
            if (counts[qos] > 0) {
                events.published(peer, qos, counts[qos], bytes[qos]);
                counts[qos] = 0;
                bytes[qos] = 0;
            }
        }
        if (held != wasHeld) {
            wasHeld = held;
            if (held) {
                events.heldBack();
            } else {
                events.released();
            }
        }
        int nowHeld = held ? heldBytes : 0;
        if (nowHeld != lastHeldBytes) {
            events.heldBytes(nowHeld - lastHeldBytes);
            lastHeldBytes = nowHeld;
        }
    }
}
