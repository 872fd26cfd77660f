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
        assertEquals(to("mqtt", KeyTemplate.CLIENT_ID), router.mqtt("any/topic"));
        assertEquals(to("forward", KeyTemplate.RANDOM), router.forward("any.tag"));
        assertEquals(to("log4j", KeyTemplate.RANDOM), router.log4j(""));
        assertEquals(to("otlp", KeyTemplate.RANDOM), router.otlp("checkout"));
        assertEquals(to("orders", KeyTemplate.RANDOM), router.http("orders"));
    }

    @Test
    void theFirstRouteThatMatchesWins() {
        Router router = new Router(List.of(
                Texts.route("mqtt:a/+", "first"), Texts.route("mqtt:a/#", "second"), Texts.route("mqtt:a/b", "third")));
        assertEquals("first", router.mqtt("a/b").stream().stream());
        assertEquals("second", router.mqtt("a/b/c").stream().stream());
    }

    @Test
    void anEventThatNoRouteTakesGoesWhereItWouldGoWithoutRoutes() {
        Router router = new Router(List.of(Texts.route("mqtt:a", "a"), Texts.route("http:b", "c")));
        assertEquals("mqtt", router.mqtt("b").stream().stream());
        assertEquals("forward", router.forward("a").stream().stream());
        assertEquals("other", router.http("other").stream().stream());
        assertEquals("c", router.http("b").stream().stream());
    }

    @Test
    void aRouteIsForItsSourceOnly() {
        Router router = new Router(List.of(
                Texts.route("forward:**", "f"),
                Texts.route("log4j:**", "l"),
                Texts.route("mqtt:#", "m"),
                Texts.route("otlp:**", "o")));
        assertEquals("f", router.forward("x").stream().stream());
        assertEquals("l", router.log4j("x").stream().stream());
        assertEquals("m", router.mqtt("x").stream().stream());
        assertEquals("x", router.http("x").stream().stream());
        assertEquals("o", router.otlp("x").stream().stream());
    }

    @Test
    void aDestinationSaysEverythingThatItsRouteSays() {
        FieldNames fields = new FieldNames(Optional.empty(), Optional.of("i"), Optional.of("t"));
        KeyTemplate key = Texts.key("{topic(1)}", Source.MQTT);
        Router router = new Router(
                List.of(new Route(Texts.pattern("mqtt:#"), "s", "elsewhere", key, RecordFormat.RAW, fields)));
        assertEquals(new Destination(new StreamId("elsewhere", "s"), key, RecordFormat.RAW, fields), router.mqtt("x"));
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
                assertEquals("s" + i, router.mqtt("t" + i + "/x").stream().stream());
            }
            assertEquals("mqtt", router.mqtt("none").stream().stream());
        }
        assertSame(router.mqtt("t7/a"), router.mqtt("t7/b"));
    }

    private static Destination to(String stream, KeyTemplate key) {
        return new Destination(new StreamId("default", stream), key, RecordFormat.JSON, FieldNames.DEFAULT);
    }
}
