package io.penstock.mqtt.bridge;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.penstock.mqtt.internal.bridge.BridgeContext;
import io.penstock.mqtt.internal.bridge.Changes;
import io.penstock.mqtt.internal.bridge.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running bridge. It connects in the background, again and again for as long as it runs: a broker that is away is no
 * failure of the start. Thread-safe; {@link #close} blocks and must not be called on an event loop.
 */
public final class MqttBridge implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final int SPARE_SECONDS = 5;

    private final BridgeContext context;
    private final ThreadPoolExecutor blocking;
    private final EventLoopGroup loops;
    private final boolean ownsLoops;
    private final List<Link> links = new ArrayList<>();
    /** Links whose sessions are being ended at the broker, by their client identifiers. */
    private final Map<String, Link> retiring = new HashMap<>();
    /** Links with the sessions of other clients of the group, which are away, by their client identifiers. */
    private final Map<String, Link> adopted = new HashMap<>();

    private BridgeSettings settings;
    private boolean closed;

    MqttBridge(BridgeSettings settings, BridgeContext context, ThreadPoolExecutor blocking, boolean ownsLoops) {
        this.settings = settings;
        this.context = context;
        this.blocking = blocking;
        this.loops = context.loops();
        this.ownsLoops = ownsLoops;
        addLinks();
    }

    /** A builder of a bridge that passes what the broker delivers to {@code handler}. */
    public static MqttBridgeBuilder builder(BridgeSettings settings, BridgeHandler handler) {
        return new MqttBridgeBuilder(settings, handler);
    }

    private void addLinks() {
        for (int index = links.size(); index < settings.connections(); index++) {
            Link link = new Link(context, settings, index, this::takeOver);
            links.add(link);
            startAfter(retiring.remove(settings.clientId(index)), link);
        }
    }

    /** One client at a time has an identifier. */
    private static void startAfter(@Nullable Link former, Link next) {
        if (former == null) {
            next.start();
        } else {
            former.stop(DRAIN).addListener(ended -> next.start());
        }
    }

    /** A client of the group is away, says its will. On an event loop. */
    private synchronized void takeOver(String clientId) {
        boolean own = IntStream.range(0, settings.connections())
                .mapToObj(settings::clientId)
                .anyMatch(clientId::equals);
        if (closed || own || !settings.takesOver(clientId) || adopted.containsKey(clientId)) {
            return;
        }
        int index = settings.connections() + adopted.size();
        Link link = Link.adopting(clientId, context, settings, index, this::takeOver);
        adopted.put(clientId, link);
        link.stopped().addListener(ended -> givenBack(clientId, link));
        startAfter(retiring.remove(clientId), link);
    }

    private synchronized void givenBack(String clientId, Link ended) {
        adopted.remove(clientId, ended);
    }

    private void retire(Link surplus) {
        String clientId = surplus.state().clientId();
        retiring.put(clientId, surplus);
        surplus.retire().addListener(ended -> retired(clientId, surplus));
    }

    private synchronized void retired(String clientId, Link ended) {
        retiring.remove(clientId, ended);
    }

    /** What the bridge does now. */
    public synchronized BridgeState state() {
        return new BridgeState(
                settings.name(),
                Stream.concat(links.stream(), adopted.values().stream())
                        .map(Link::state)
                        .toList());
    }

    public synchronized BridgeSettings settings() {
        return settings;
    }

    /**
     * Uses other settings. Sessions at the broker stay unless the client identifier changes. A connection stays if only
     * filters and the number of connections change: new filters are subscribed to, and those that are gone are taken
     * back. Otherwise it acknowledges what becomes durable within five seconds and connects again. Of a connection that
     * is too many the broker is asked to forget the session, once it has sent what it has for it.
     */
    public synchronized void reconfigure(BridgeSettings changed) {
        if (closed) {
            return;
        }
        boolean same = Changes.keepSessions(settings, changed);
        int kept = same ? Math.min(links.size(), changed.connections()) : 0;
        List<Link> surplus = links.subList(kept, links.size());
        surplus.forEach(this::retire);
        surplus.clear();
        settings = changed;
        links.forEach(link -> link.apply(changed));
        adopted.forEach((clientId, link) -> {
            if (changed.takesOver(clientId)) {
                link.apply(changed);
            } else {
                link.stop(DRAIN);
            }
        });
        addLinks();
    }

    /**
     * Stops: takes nothing more, sends the acknowledgements that become due within five seconds, disconnects. The broker
     * keeps the sessions. Idempotent.
     */
    @Override
    public void close() {
        List<Future<Void>> ends;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ends = Stream.of(links, retiring.values(), adopted.values())
                    .flatMap(Collection::stream)
                    .map(link -> link.stop(DRAIN))
                    .toList();
        }
        for (Future<Void> end : ends) {
            end.awaitUninterruptibly(DRAIN.toSeconds() + SPARE_SECONDS, TimeUnit.SECONDS);
        }
        blocking.shutdownNow();
        if (ownsLoops) {
            loops.shutdownGracefully(0, SPARE_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(2 * SPARE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
