package io.penstock.engine.junit;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An engine, its clock, and the clients that were made for it. The store of JUnit closes it. Thread-safe: tests of a
 * class that run in parallel share it.
 */
@SuppressWarnings("deprecation") // what JUnit 5 closes before 5.13
final class RunningEngine implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private final EngineClock clock = new EngineClock(Instant.now());
    private final StreamEngine engine;
    private final String region;
    private final Map<Class<?>, AutoCloseable> clients = new HashMap<>();

    RunningEngine(EnginePlan plan) {
        try {
            EngineSettings settings =
                    plan.settings().apply(EngineSettings.ephemeral().withClock(clock));
            this.region = settings.service().region();
            this.engine = StreamEngine.start(settings);
            createStreams(plan);
        } catch (IOException | IllegalArgumentException e) {
            throw new ExtensionConfigurationException("The stream engine does not start: " + e.getMessage(), e);
        }
    }

    private void createStreams(EnginePlan plan) throws IOException {
        try {
            for (EnginePlan.Stream stream : plan.streams()) {
                engine.createStream(
                        stream.name(), stream.shards(), stream.region().isEmpty() ? region : stream.region());
            }
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    StreamEngine engine() {
        return engine;
    }

    EngineClock clock() {
        return clock;
    }

    String region() {
        return region;
    }

    /** By the address itself, so that no look-up decides which one of a name's addresses is called. */
    URI endpoint() {
        InetSocketAddress bound = engine.address();
        String host = bound.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : bound.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort());
    }

    /** The one client of this type, made by the first call. */
    synchronized AutoCloseable client(Class<?> type, Function<RunningEngine, AutoCloseable> made) {
        return clients.computeIfAbsent(type, absent -> made.apply(this));
    }

    @Override
    public synchronized void close() throws Exception {
        try {
            for (AutoCloseable client : clients.values()) {
                client.close();
            }
        } finally {
            engine.close();
        }
    }
}
