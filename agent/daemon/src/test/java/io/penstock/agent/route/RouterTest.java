package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.delivery.spool.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterTest {
    @Test
    void withoutRoutesTheStreamIsNamedLikeTheSourceAndForHttpAsPosted() {
        Router router = new Router(List.of());
        assertEquals(to("mqtt", KeyTemplate.CLIENT_ID), to(router, Source.MQTT, "any/topic"));
        assertEquals(to("forward", KeyTemplate.RANDOM), to(router, Source.FORWARD, "any.tag"));
        assertEquals(to("log4j", KeyTemplate.RANDOM), to(router, Source.LOG4J, ""));
        assertEquals(to("orders", KeyTemplate.RANDOM), to(router, Source.HTTP, "orders"));
        assertEquals(to("otlp", KeyTemplate.RANDOM), to(router, Source.OTLP, "any-service"));
    }

    @Test
    void theFirstRouteThatMatchesWins() {
        Router router = new Router(List.of(
                Texts.route("mqtt:a/+", "first"), Texts.route("mqtt:a/#", "second"), Texts.route("mqtt:a/b", "third")));
        assertEquals("first", to(router, Source.MQTT, "a/b").stream().stream());
        assertEquals("second", to(router, Source.MQTT, "a/b/c").stream().stream());
    }

    @Test
    void anEventThatNoRouteTakesGoesWhereItWouldGoWithoutRoutes() {
        Router router = new Router(List.of(Texts.route("mqtt:a", "a"), Texts.route("http:b", "c")));
        assertEquals("mqtt", to(router, Source.MQTT, "b").stream().stream());
        assertEquals("forward", to(router, Source.FORWARD, "a").stream().stream());
        assertEquals("other", to(router, Source.HTTP, "other").stream().stream());
        assertEquals("c", to(router, Source.HTTP, "b").stream().stream());
    }

    @Test
    void aRouteIsForItsSourceOnly() {
        Router router = new Router(List.of(
                Texts.route("forward:**", "f"),
                Texts.route("log4j:**", "l"),
                Texts.route("mqtt:#", "m"),
                Texts.route("otlp:**", "o")));
        assertEquals("f", to(router, Source.FORWARD, "x").stream().stream());
        assertEquals("l", to(router, Source.LOG4J, "x").stream().stream());
        assertEquals("m", to(router, Source.MQTT, "x").stream().stream());
        assertEquals("o", to(router, Source.OTLP, "x").stream().stream());
        assertEquals("x", to(router, Source.HTTP, "x").stream().stream());
    }

    @Test
    void aDestinationSaysEverythingThatItsRouteSays() {
        FieldNames fields = new FieldNames(Optional.empty(), Optional.of("i"), Optional.of("t"));
        KeyTemplate key = Texts.key("{topic(1)}", Source.MQTT);
        Router router = new Router(
                List.of(new Route(Texts.pattern("mqtt:#"), "s", "elsewhere", key, RecordFormat.RAW, fields)));
        assertEquals(
                new Destination(new StreamId("elsewhere", "s"), key, RecordFormat.RAW, fields),
                to(router, Source.MQTT, "x"));
    }

    @Test
    void manyRoutesFindTheSameAsFew() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            routes.add(Texts.route("mqtt:t" + i + "/#", "s" + i));
        }
        Router router = new Router(routes);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 50; i++) {
                assertEquals("s" + i, to(router, Source.MQTT, "t" + i + "/x").stream().stream());
            }
            assertEquals("mqtt", to(router, Source.MQTT, "none").stream().stream());
        }
        assertSame(to(router, Source.MQTT, "t7/a"), to(router, Source.MQTT, "t7/b"));
    }

    private static Destination to(Router router, Source source, String name) {
        return (Destination) router.route(source, Texts.named(name));
    }

    private static Destination to(String stream, KeyTemplate key) {
        return new Destination(new StreamId("default", stream), key, RecordFormat.JSON, FieldNames.DEFAULT);
    }
}
