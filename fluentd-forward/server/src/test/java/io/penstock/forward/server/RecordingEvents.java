package io.penstock.forward.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a server tells. */
final class RecordingEvents implements ForwardEvents {
    record Refused(Peer peer, Refusal refusal, long offset, String detail) {}

    final List<Refused> refused = new CopyOnWriteArrayList<>();
    final List<String> droppedSignals = new CopyOnWriteArrayList<>();
    final AtomicInteger connected = new AtomicInteger();
    final AtomicInteger disconnected = new AtomicInteger();
    final AtomicInteger held = new AtomicInteger();
    final AtomicInteger acknowledged = new AtomicInteger();
    final AtomicInteger replaced = new AtomicInteger();
    final AtomicInteger recognised = new AtomicInteger();
    final AtomicInteger withoutAck = new AtomicInteger();
    final AtomicInteger entries = new AtomicInteger();

    @Override
    public void connected(Peer peer) {
        connected.incrementAndGet();
    }

    @Override
    public void disconnected(Peer peer) {
        disconnected.incrementAndGet();
    }

    @Override
    public void taken(Peer peer, int count, int bytes) {
        entries.addAndGet(count);
    }

    @Override
    public void withoutAck(Peer peer) {
        withoutAck.incrementAndGet();
    }

    @Override
    public void recognised(Peer peer, int count) {
        recognised.incrementAndGet();
    }

    @Override
    public void droppedSignal(Peer peer, String signal) {
        droppedSignals.add(signal);
    }

    @Override
    public void held(Peer peer) {
        held.incrementAndGet();
    }

    @Override
    public void acknowledged(Peer peer) {
        acknowledged.incrementAndGet();
    }

    @Override
    public void refused(Peer peer, Refusal refusal, long offset, String detail) {
        refused.add(new Refused(peer, refusal, offset, detail));
    }

    @Override
    public void textReplaced(Peer peer, int sequences) {
        replaced.addAndGet(sequences);
    }
}
