package io.penstock.logback;

import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.ForwardEvents;
import io.penstock.forward.server.ForwardSecurity;
import io.penstock.forward.server.ForwardServer;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Receipt;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The real forward server with a handler that keeps what it gets. Can go away and come back on its port. */
final class TestAgent implements AutoCloseable {
    final List<String> records = new CopyOnWriteArrayList<>();
    final Set<String> sources = ConcurrentHashMap.newKeySet();
    final Set<String> tags = ConcurrentHashMap.newKeySet();
    final AtomicInteger connections = new AtomicInteger();
    volatile long lastSeconds;
    final Set<String> users = ConcurrentHashMap.newKeySet();
    private final ForwardSecurity security;
    private ForwardServer server;

    TestAgent() throws IOException {
        this(ForwardSecurity.NONE);
    }

    TestAgent(ForwardSecurity security) throws IOException {
        this.security = security;
        server = start(0);
    }

    private ForwardServer start(int port) throws IOException {
        return ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", port))
                        .withTimeouts(Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO),
                security,
                this::take,
                new ForwardEvents() {
                    @Override
                    public void connected(Peer peer) {
                        connections.incrementAndGet();
                    }
                });
    }

    private Receipt take(Chunk chunk) {
        GrowingBytes json = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        sources.add(chunk.source());
        tags.add(chunk.tag());
        users.add(chunk.peer().user());
        while (chunk.next()) {
            json.clear();
            chunk.write(json);
            records.add(json.toString());
            lastSeconds = chunk.seconds();
            chunk.stored(Watermark.IMMEDIATE, 0);
        }
        return Receipt.TAKEN;
    }

    int port() {
        return server.addresses().get(0).getPort();
    }

    void goAway() {
        server.close();
    }

    void comeBack() throws IOException {
        server = start(port());
    }

    @Override
    public void close() {
        server.close();
    }
}
