package io.penstock.mqtt.bridge;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.mqtt.internal.bridge.BridgeContext;
import io.penstock.mqtt.internal.bridge.BridgeReporter;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.transport.EventLoops;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Builds a bridge; everything that is not set has a default. Not thread-safe. */
public final class MqttBridgeBuilder {
    private static final double DEFAULT_SHARE = 0.5;
    private static final int IDLE_SECONDS = 30;

    private final BridgeSettings settings;
    private final BridgeHandler handler;
    private BridgeListener listener = new BridgeListener() {};
    private BridgeSessions sessions = BridgeSessions.inMemory();
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    private MemoryBudget.@Nullable Account memory;
    private @Nullable EventLoopGroup loops;

    MqttBridgeBuilder(BridgeSettings settings, BridgeHandler handler) {
        this.settings = settings;
        this.handler = handler;
    }

    /** Receives the bridge's events. Default: none. */
    public MqttBridgeBuilder listener(BridgeListener listener) {
        this.listener = listener;
        return this;
    }

    /** Where the bridge keeps its sessions; the same for all bridges of the process. Default: in memory. */
    public MqttBridgeBuilder sessions(BridgeSessions sessions) {
        this.sessions = sessions;
        return this;
    }

    /** Limits the memory that the broker causes the bridge to hold. Default: half of the heap. */
    public MqttBridgeBuilder memory(MemoryBudget.Account memory) {
        this.memory = memory;
        return this;
    }

    /** Event loops of the caller, which the bridge does not shut down. Default: one of the bridge's own. */
    public MqttBridgeBuilder eventLoops(EventLoopGroup loops) {
        this.loops = loops;
        return this;
    }

    /** For tests: numbers from 0 to below 1, from which pauses are made. */
    public MqttBridgeBuilder random(DoubleSupplier random) {
        this.random = random;
        return this;
    }

    /** Begins to connect; does not wait for the broker. */
    public MqttBridge start() {
        MemoryBudget.Account account =
                memory == null ? MemoryBudget.ofHeap(DEFAULT_SHARE).account("bridge", 1.0) : memory;
        ThreadPoolExecutor blocking = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory("bridge-" + settings.name(), true));
        blocking.allowCoreThreadTimeOut(true);
        BridgeContext context = new BridgeContext(
                handler,
                new BridgeReporter(settings.name(), listener),
                sessions,
                new ClientMemory(account, account.limit()),
                loops == null ? EventLoops.create(1, "bridge") : loops,
                blocking,
                random);
        return new MqttBridge(settings, context, blocking, loops == null);
    }
}
