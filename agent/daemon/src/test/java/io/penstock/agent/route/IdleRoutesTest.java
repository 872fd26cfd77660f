package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdleRoutesTest {
    private static List<String> warnings(String... matches) {
        List<Route> routes =
                Stream.of(matches).map(match -> Texts.route(match, "s")).toList();
        return IdleRoutes.warnings(
                routes,
                match -> match.source() == Source.HTTP
                        ? Optional.of("http.listen is []: switch the source on, or take the route out")
                        : Optional.empty());
    }

    private static boolean covers(String one, String other) {
        return Texts.pattern(one).covers(Texts.pattern(other));
    }

    @Test
    void aRouteBehindOneThatTakesAllOfItsEventsIsNamedWithThatOne() {
        assertEquals(
                List.of("routes[2] (mqtt:a/b) never matches, because routes[0] (mqtt:a/#) takes all of its events: move"
                        + " it before that route, or take it out"),
                warnings("mqtt:a/#", "forward:a", "mqtt:a/b", "mqtt:b"));
        assertEquals(List.of(), warnings("mqtt:a/b", "mqtt:a/#"));
        assertEquals(1, warnings("forward:x", "forward:x").size());
    }

    @Test
    void aRouteOfASourceThatIsOffIsNamedWithTheKeyThatSwitchesItOff() {
        assertEquals(
                List.of(
                        "routes[0] (http:orders) never matches, because http.listen is []: switch the source on, or take"
                                + " the route out"),
                warnings("http:orders", "mqtt:#"));
    }

    @Test
    void filtersOfTopicsCoverEachOtherAsMqttHasIt() {
        assertTrue(covers("mqtt:#", "mqtt:a/+/b"));
        assertTrue(covers("mqtt:a/#", "mqtt:a"));
        assertTrue(covers("mqtt:a/#", "mqtt:a/#"));
        assertTrue(covers("mqtt:+/b", "mqtt:a/b"));
        assertTrue(covers("mqtt:+/+", "mqtt:+/+"));
        assertTrue(covers("mqtt:$SYS/#", "mqtt:$SYS/x"));
        assertFalse(covers("mqtt:#", "mqtt:$SYS/#"));
        assertFalse(covers("mqtt:a/+", "mqtt:a/#"));
        assertFalse(covers("mqtt:a/+", "mqtt:a"));
        assertFalse(covers("mqtt:a/b", "mqtt:a/+"));
        assertFalse(covers("mqtt:a/b/c", "mqtt:a/b"));
        assertFalse(covers("mqtt:#", "forward:**"));
    }

    @Test
    void patternsOfTagsCoverEachOther() {
        assertTrue(covers("forward:**", "forward:a.{b,c}.*"));
        assertTrue(covers("forward:a.**", "forward:a.b.**"));
        assertTrue(covers("forward:a.**", "forward:a"));
        assertTrue(covers("forward:a.*", "forward:a.b*"));
        assertTrue(covers("forward:{a,b}.*", "forward:{b,a}.x"));
        assertFalse(covers("forward:a.*", "forward:a.**"));
        assertFalse(covers("forward:*", "forward:**"));
        assertFalse(covers("forward:a.b*", "forward:a.*"));
        assertFalse(covers("forward:{a,b}", "forward:{a,c}"));
        assertFalse(covers("forward:**", "log4j:a"));
        assertTrue(covers("otlp:shop*", "otlp:shop-cart"));
    }
}
