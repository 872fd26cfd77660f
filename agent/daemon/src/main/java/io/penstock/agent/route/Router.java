package io.penstock.agent.route;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds an event's destination: the first route of its source that matches, else the default one, which is the stream
 * named like the source, or, where clients name the stream, that one. No event is refused for want of a route; but a
 * route whose stream is a template may have none for an event.
 *
 * <p>Its routes are replaced as a whole by {@link #replace}; an event has its destination by those of one moment. Caches
 * take about {@value #CACHED_CHARACTERS} characters of names per source and per template. Any thread, never blocks.
 */
public final class Router {
    /** The target of events that no route takes. */
    public static final String DEFAULT_TARGET = "default";

    static final int CACHED_CHARACTERS = 2_000_000;
    private static final int OVERHEAD = 200;

    /** Replaced as a whole, never changed. */
    private volatile Map<Source, Table> tables;

    public Router(List<Route> routes) {
        tables = tables(routes);
    }

    private static Map<Source, Table> tables(List<Route> routes) {
        Map<Source, Table> tables = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            tables.put(source, new Table(source, routes));
        }
        return tables;
    }

    /** From now on events go by these routes. */
    public void replace(List<Route> routes) {
        tables = tables(routes);
    }

    /**
     * Where {@code event} goes; the same instance for all events of one route and stream.
     *
     * @param event is asked for what its source knows, never for a JSON field
     */
    public Routed route(Source source, KeyFields event) {
        Table table = tables.get(source);
        if (table == null) {
            throw new IllegalStateException("there are no routes for " + source);
        }
        return table.find(event);
    }

    /** How many names the caches hold, for tests. */
    long cached() {
        return tables.values().stream().mapToLong(Table::cached).sum();
    }

    private static <V> LoadingCache<String, V> cache(CacheLoader<String, V> loader) {
        return Caffeine.newBuilder()
                .maximumWeight(CACHED_CHARACTERS)
                .weigher((String name, V found) -> name.length() + OVERHEAD)
                .executor(Runnable::run)
                .build(loader);
    }

    /** How a route, or the lack of one, leads to a stream. */
    private sealed interface Way {
        Routed of(KeyFields event);
    }

    /** Whatever the event. */
    private record Always(Routed to) implements Way {
        @Override
        public Routed of(KeyFields event) {
            return to;
        }
    }

    /** By a template; one destination for each name that it yields. */
    private record Templated(StreamTemplate template, LoadingCache<String, Routed> destinations) implements Way {
        static Templated of(Route route) {
            StreamTemplate template = route.stream();
            return new Templated(
                    template,
                    cache(name -> template.objection(new StreamTemplate.Made(name, false))
                            .<Routed>map(objection -> objection)
                            .orElseGet(() -> Destination.of(route, name))));
        }

        @Override
        public Routed of(KeyFields event) {
            StreamTemplate.Made made = template.make(event);
            return made.lacking() ? template.objection(made).orElseThrow() : destinations.get(made.text());
        }
    }

    /** An event of which nothing but its name is asked. */
    private record Name(String topic) implements KeyFields {
        @Override
        public String tag() {
            return topic;
        }

        @Override
        public String logger() {
            return topic;
        }

        @Override
        public String service() {
            return topic;
        }

        @Override
        public String stream() {
            return topic;
        }
    }

    private record BridgedName(String bridge, String topic) implements KeyFields {}

    private record Compiled(RoutePattern match, Way way, boolean followsName) {
        static Compiled of(Source source, Route route) {
            StreamTemplate stream = route.stream();
            return stream.fixed()
                    ? new Compiled(route.match(), new Always(Destination.of(route, stream.name())), false)
                    : new Compiled(route.match(), Templated.of(route), stream.followsName(source));
        }
    }

    /** The routes of a source. */
    private static final class Table {
        /** Up to here asking each route is no dearer than asking the cache. */
        private static final int FEW = 2;

        private final Source source;
        private final List<Compiled> routes;
        private final Way fallback;
        private final LoadingCache<String, Way> found;
        private final boolean cached;

        Table(Source source, List<Route> all) {
            this.source = source;
            routes = all.stream()
                    .filter(route -> route.match().source() == source)
                    .map(route -> Compiled.of(source, route))
                    .toList();
            fallback = new Always(Destination.byDefault(source, source.word()));
            found = cache(this::first);
            cached = source.namesStreams()
                    || routes.size() > FEW
                    || routes.stream().anyMatch(Compiled::followsName);
        }

        Routed find(KeyFields event) {
            String name = source.nameOf(event);
            return (cached ? found.get(name) : first(name)).of(event);
        }

        long cached() {
            long streams = routes.stream()
                    .filter(route -> route.way instanceof Templated)
                    .mapToLong(route -> ((Templated) route.way).destinations.estimatedSize())
                    .sum();
            return found.estimatedSize() + streams;
        }

        private KeyFields named(String name) {
            if (source != Source.BRIDGE) {
                return new Name(name);
            }
            int slash = name.indexOf('/');
            return new BridgedName(name.substring(0, slash), name.substring(slash + 1));
        }

        private Way first(String name) {
            for (Compiled route : routes) {
                if (route.match.matches(name)) {
                    return route.followsName ? new Always(route.way.of(named(name))) : route.way;
                }
            }
            return source.namesStreams() ? new Always(Destination.byDefault(source, name)) : fallback;
        }
    }
}
