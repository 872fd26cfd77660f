package io.penstock.mqtt.internal.context;

import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link LoopWaits} of each event loop. Thread-safe; looked up once per connection. */
public final class Waits {
    private final Map<EventExecutor, LoopWaits> loops = new ConcurrentHashMap<>();

    public LoopWaits of(EventExecutor executor) {
        return loops.computeIfAbsent(executor, LoopWaits::new);
    }
}
