package io.penstock.mqtt;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Records the server's events. Thread-safe. */
public final class RecordedEvents implements MqttEvents {
    record Rejected(Rejection why, String text) {}

    public final List<Rejected> rejected = new CopyOnWriteArrayList<>();
    final List<RefusalReason> refused = new CopyOnWriteArrayList<>();
    final List<Duration> pingsDelayed = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    public final AtomicInteger connected = new AtomicInteger();
    final AtomicInteger published = new AtomicInteger();
    final AtomicLong publishedBytes = new AtomicLong();
    final AtomicInteger duplicates = new AtomicInteger();
    final AtomicInteger shortOfMemory = new AtomicInteger();
    final AtomicInteger heldBack = new AtomicInteger();
    final AtomicLong heldBytes = new AtomicLong();
    final AtomicInteger lostQos0 = new AtomicInteger();
    final AtomicInteger keptSessions = new AtomicInteger();
    final AtomicInteger sessionsNotKept = new AtomicInteger();
    final AtomicInteger lostWills = new AtomicInteger();
    final AtomicInteger storeFailures = new AtomicInteger();

    @Override
    public void opened(SocketAddress peer) {
        open.incrementAndGet();
    }

    @Override
    public void closed(SocketAddress peer) {
        open.decrementAndGet();
    }

    @Override
    public void connected(SocketAddress peer, String clientId, Optional<String> userName, ProtocolVersion version) {
        connected.incrementAndGet();
    }

    @Override
    public void disconnected(SocketAddress peer, String clientId, ProtocolVersion version) {
        connected.decrementAndGet();
    }

    @Override
    public void rejected(SocketAddress peer, String clientId, Rejection why, String text) {
        rejected.add(new Rejected(why, text));
    }

    @Override
    public void published(SocketAddress peer, int qos, int count, long payloadBytes) {
        published.addAndGet(count);
        publishedBytes.addAndGet(payloadBytes);
    }

    @Override
    public void duplicate() {
        duplicates.incrementAndGet();
    }

    @Override
    public void refused(RefusalReason reason) {
        refused.add(reason);
    }

    @Override
    public void shortOfMemory() {
        shortOfMemory.incrementAndGet();
    }

    @Override
    public void heldBack() {
        heldBack.incrementAndGet();
    }

    @Override
    public void released() {
        heldBack.decrementAndGet();
    }

    @Override
    public void heldBytes(long change) {
        heldBytes.addAndGet(change);
    }

    @Override
    public void heldQos0Lost(int count) {
        lostQos0.addAndGet(count);
    }

    @Override
    public void willLost() {
        lostWills.incrementAndGet();
    }

    @Override
    public void pingDelayed(Duration by) {
        pingsDelayed.add(by);
    }

    @Override
    public void keptSessions(int change) {
        keptSessions.addAndGet(change);
    }

    @Override
    public void sessionNotKept() {
        sessionsNotKept.incrementAndGet();
    }

    @Override
    public void storeFailed() {
        storeFailures.incrementAndGet();
    }
}
