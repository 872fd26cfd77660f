package io.penstock.agent.route;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.List;

/**
 * Finds an event's destination: the first route of its source that matches, else the default one, which is the stream
 * named like the source, and for HTTP the stream that was posted to. Routes therefore only ever change where events go;
 * none is refused for want of a route.
 *
 * <p>Immutable but for caches of about {@value #CACHED_CHARACTERS} characters of names per source; any thread, never
 * blocks.
 */
public final class Router {
    static final String DEFAULT_TARGET = "default";
    static final int CACHED_CHARACTERS = 2_000_000;
    private static final int OVERHEAD = 100;

    private final Table mqtt;
    private final Table forward;
    private final Table log4j;
    private final Table otlp;
    private final LoadingCache<String, Destination> http;

    public Router(List<Route> routes) {
        mqtt = new Table(Source.MQTT, routes);
        forward = new Table(Source.FORWARD, routes);
        log4j = new Table(Source.LOG4J, routes);
        otlp = new Table(Source.OTLP, routes);
        List<Compiled> posted = Compiled.of(Source.HTTP, routes);
        http = cache(name -> Compiled.first(posted, name, Destination.byDefault(Source.HTTP, name)));
    }

    /** @param topic of a publish */
    public Destination mqtt(String topic) {
        return mqtt.find(topic);
    }

    /** @param tag of a chunk or message */
    public Destination forward(String tag) {
        return forward.find(tag);
    }

    /** @param logger the logger's name; empty when the event has none */
    public Destination log4j(String logger) {
        return log4j.find(logger);
    }

    /** @param service the {@code service.name} of a resource; {@code unknown_service} when it has none */
    public Destination otlp(String service) {
        return otlp.find(service);
    }

    /** @param posted the stream that a request names, valid as a {@link StreamName} */
    public Destination http(String posted) {
        return http.get(posted);
    }

    private static LoadingCache<String, Destination> cache(CacheLoader<String, Destination> loader) {
        return Caffeine.newBuilder()
                .maximumWeight(CACHED_CHARACTERS)
                .weigher((String name, Destination found) -> name.length() + OVERHEAD)
                .executor(Runnable::run)
                .build(loader);
    }

    private record Compiled(RoutePattern match, Destination destination) {
        static List<Compiled> of(Source source, List<Route> routes) {
            return routes.stream()
                    .filter(route -> route.match().source() == source)
                    .map(route -> new Compiled(route.match(), Destination.of(route)))
                    .toList();
        }

        static Destination first(List<Compiled> routes, String name, Destination fallback) {
            for (Compiled route : routes) {
                if (route.match.matches(name)) {
                    return route.destination;
                }
            }
            return fallback;
        }
    }

    /** The routes of a source whose default stream is one for all events. */
    private static final class Table {
        /** Up to here asking each route is no dearer than asking the cache. */
        private static final int FEW = 2;

        private final List<Compiled> routes;
        private final Destination fallback;
        private final LoadingCache<String, Destination> found;

        Table(Source source, List<Route> all) {
            routes = Compiled.of(source, all);
            fallback = Destination.byDefault(source, source.word());
            found = cache(name -> Compiled.first(routes, name, fallback));
        }

        Destination find(String name) {
            return routes.size() <= FEW ? Compiled.first(routes, name, fallback) : found.get(name);
        }
    }
}
