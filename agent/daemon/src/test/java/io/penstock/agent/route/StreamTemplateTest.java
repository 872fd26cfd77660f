package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.settings.Parsed;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamTemplateTest {
    private static final String NAMES = "a stream's name has 1 to 128 letters, digits, underscores, dots and hyphens";

    private static Routed forward(Router router, String tag) {
        return router.route(Source.FORWARD, KeyFields.tagged(tag, "web"));
    }

    private static String stream(Routed routed) {
        return assertInstanceOf(Destination.class, routed).stream().stream();
    }

    private static Unroutable unroutable(Routed routed) {
        return assertInstanceOf(Unroutable.class, routed);
    }

    private static Parsed.Wrong<?> wrong(String template, Source source, String... allowed) {
        List<NamePattern> names =
                List.of(allowed).stream().map(NamePattern::new).toList();
        return assertInstanceOf(Parsed.Wrong.class, StreamTemplate.parse(template, source, names));
    }

    private record Publish(String topic, String clientId, String user) implements KeyFields {}

    @Test
    void aPartOfTheTagIsPartOfTheName() {
        Router router = new Router(List.of(Texts.templated("forward:app.**", "app-{tag(2)}")));
        assertEquals("app-web", stream(forward(router, "app.web.access")));
        assertEquals("app-db", stream(forward(router, "app.db")));
        assertEquals("forward", stream(forward(router, "other.db")));
    }

    @Test
    void everySourceHasItsPlaceholders() {
        Router router = new Router(List.of(
                Texts.templated("mqtt:#", "{topic(1)}-{clientid}.{user}"),
                Texts.templated("log4j:**", "log_{logger(2)}"),
                Texts.templated("forward:**", "{tag}-{user}"),
                Texts.templated("http:orders", "{stream}-{user}")));
        assertEquals("sensors-dev7.ann", stream(router.route(Source.MQTT, new Publish("sensors/1", "dev7", "ann"))));
        assertEquals("log_shop", stream(router.route(Source.LOG4J, KeyFields.loggedBy("com.shop.Cart"))));
        assertEquals("app.x-web", stream(forward(router, "app.x")));
        assertEquals("orders-ann", stream(router.route(Source.HTTP, KeyFields.posted("orders", "ann"))));
    }

    @Test
    void oneStreamOfARouteHasOneDestinationWhateverLeadsToIt() {
        Router router = new Router(
                List.of(Texts.templated("forward:**", "s-{tag(1)}"), Texts.templated("mqtt:#", "m-{clientid}")));
        assertSame(forward(router, "a.b"), forward(router, "a.c"));
        assertSame(
                router.route(Source.MQTT, new Publish("x", "c", "")),
                router.route(Source.MQTT, new Publish("y", "c", "")));
    }

    @Test
    void aCharacterThatNoNameMayHaveIsNeverReplaced() {
        Router router = new Router(List.of(Texts.templated("forward:**", "app-{tag(2)}")));
        Unroutable why = unroutable(forward(router, "a.b c"));
        assertEquals("\"app-b c\", which its route app-{tag(2)} makes, is no stream name", why.reason());
        assertEquals(NAMES, why.remedy());
        assertEquals(
                "\"app-\\u00FC\\u000A\", which its route app-{tag(2)} makes, is no stream name",
                unroutable(forward(router, "a.ü\n")).reason());
    }

    @Test
    void aNameOfMoreThan128CharactersIsRefusedAndQuotedShortly() {
        Router router = new Router(List.of(Texts.templated("forward:**", "{tag}")));
        assertEquals("x".repeat(128), stream(forward(router, "x".repeat(128))));
        String reason = unroutable(forward(router, "x".repeat(129))).reason();
        assertEquals("\"" + "x".repeat(64) + "…\", which its route {tag} makes, is no stream name", reason);
        unroutable(forward(router, "y".repeat(60_000)));
    }

    @Test
    void anEventWithoutWhatTheNameIsMadeOfHasNone() {
        Router router = new Router(
                List.of(Texts.templated("forward:**", "app-{tag(2)}"), Texts.templated("mqtt:#", "m-{user}")));
        assertEquals(
                "the event has no {tag(2)}, of which its route makes the stream's name",
                unroutable(forward(router, "app")).reason());
        unroutable(forward(router, "app..x"));
        unroutable(router.route(Source.MQTT, new Publish("t", "c", "")));
    }

    @Test
    void onlyAllowedNamesAreLedTo() {
        Router router = new Router(List.of(Texts.templated("forward:**", "app-{tag(1)}", "app-web*", "app-db")));
        assertEquals("app-web2", stream(forward(router, "web2")));
        assertEquals("app-db", stream(forward(router, "db")));
        Unroutable why = unroutable(forward(router, "db2"));
        assertEquals("its route app-{tag(1)} may not lead to the stream \"app-db2\"", why.reason());
        assertEquals("allow-streams of the route permits app-web*, app-db", why.remedy());
    }

    @Test
    void millionsOfNamesKeepTheCacheWithinItsBound() {
        Router router = new Router(List.of(Texts.templated("mqtt:#", "m-{clientid}")));
        for (int i = 0; i < 100_000; i++) {
            assertEquals("m-" + i, stream(router.route(Source.MQTT, new Publish("t", String.valueOf(i), ""))));
        }
        assertTrue(router.cached() <= 2 * Router.CACHED_CHARACTERS / 100, "names: " + router.cached());
    }

    @Test
    void aTemplateIsJudgedWhenItIsRead() {
        assertEquals(
                "{clientid} is unknown to events from forward",
                wrong("a-{clientid}", Source.FORWARD).reason());
        assertEquals(
                "those of forward are {tag}, {tag(1)}, {user}",
                wrong("a-{clientid}", Source.FORWARD).remedy());
        assertEquals(
                "\"a/\" can be in no stream's name",
                wrong("a/{tag}", Source.FORWARD).reason());
        assertEquals("\"{tag\" is not closed", wrong("a{tag", Source.FORWARD).reason());
        assertEquals(
                "\"}\" can be in no stream's name",
                wrong("{tag}}", Source.FORWARD).reason());
        assertEquals(
                "a stream's name cannot be made of a JSON field, because the stream is chosen first",
                wrong("a{$.b}", Source.FORWARD).reason());
        assertEquals(
                "a name of more than 128 characters would come of it",
                wrong("x".repeat(128) + "{tag}", Source.FORWARD).reason());
        assertEquals(
                "\"app-{tag}\" can yield none of the names under allow-streams",
                wrong("app-{tag}", Source.FORWARD, "web-*", "b").reason());
    }

    @Test
    void aStreamOfAnEarlierRunIsRecognisedAsOneOfTheTemplate() {
        StreamTemplate template = Texts.templated("forward:**", "app-{tag(1)}-x", "app-*-x").stream();
        assertTrue(template.couldYield("app-web-x"));
        assertFalse(template.couldYield("app-web-y"));
        assertFalse(template.couldYield("web-x"));
        assertTrue(StreamTemplate.of("s").couldYield("s"));
        assertFalse(StreamTemplate.of("s").couldYield("t"));
    }
}
