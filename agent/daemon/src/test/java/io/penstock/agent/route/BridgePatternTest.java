package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code bridge:NAME/FILTER} */
class BridgePatternTest {
    private record FromBroker(String bridge, String topic) implements KeyFields {}

    private static boolean matches(String pattern, String bridge, String topic) {
        return Texts.pattern(pattern).matches(new FromBroker(bridge, topic).bridgedTopic());
    }

    @Test
    void takesTheTopicsOfItsBridgeOnly() {
        assertTrue(matches("bridge:plant/sensors/#", "plant", "sensors/1"));
        assertTrue(matches("bridge:plant/sensors/#", "plant", "sensors"));
        assertTrue(matches("bridge:plant/#", "plant", ""));
        assertTrue(matches("bridge:plant/+/a", "plant", "/a"));
        assertFalse(matches("bridge:plant/sensors/#", "plan", "t/sensors/1"));
        assertFalse(matches("bridge:plant/sensors/#", "plant2", "sensors/1"));
        assertFalse(matches("bridge:plant/sensors/#", "plant", "other"));
    }

    @Test
    void aPlusTakesEveryBridge() {
        assertTrue(matches("bridge:+/a/b", "plant", "a/b"));
        assertTrue(matches("bridge:+/a/b", "x", "a/b"));
        assertFalse(matches("bridge:+/a/b", "x", "y/a/b"));
    }

    @Test
    void aWildcardTakesNoTopicThatBeginsWithADollar() {
        assertFalse(matches("bridge:plant/#", "plant", "$SYS/broker/uptime"));
        assertFalse(matches("bridge:+/+/broker/uptime", "plant", "$SYS/broker/uptime"));
        assertTrue(matches("bridge:plant/$SYS/#", "plant", "$SYS/broker/uptime"));
    }

    @Test
    void coversWhatTheSameBridgeOrEveryOneBrings() {
        assertTrue(Texts.pattern("bridge:+/a/#").covers(Texts.pattern("bridge:plant/a/b")));
        assertTrue(Texts.pattern("bridge:plant/a/#").covers(Texts.pattern("bridge:plant/a/b")));
        assertFalse(Texts.pattern("bridge:plant/a/#").covers(Texts.pattern("bridge:+/a/b")));
        assertFalse(Texts.pattern("bridge:plant/#").covers(Texts.pattern("bridge:other/a")));
        assertFalse(Texts.pattern("mqtt:#").covers(Texts.pattern("bridge:plant/a")));
    }

    private static boolean meets(String pattern, String... filters) {
        return ((BridgePattern) Texts.pattern(pattern)).meets("plant", List.of(filters));
    }

    @Test
    void meetsASubscriptionWithWhichItSharesATopic() {
        assertTrue(meets("bridge:plant/a/+", "x", "a/b"));
        assertTrue(meets("bridge:plant/+/b", "a/+"));
        assertTrue(meets("bridge:plant/a", "a/#"));
        assertTrue(meets("bridge:plant/a/#", "a"));
        assertTrue(meets("bridge:+/#", "a"));
        assertTrue(meets("bridge:plant/$SYS/#", "$SYS/broker/+"));
        assertFalse(meets("bridge:plant/$SYS/#", "#"));
        assertFalse(meets("bridge:plant/#", "$SYS/#"));
        assertFalse(meets("bridge:plant/a/b", "a/+/c", "a"));
        assertFalse(meets("bridge:plant/a/b/#", "a"));
        assertFalse(meets("bridge:other/#", "#"));
    }

    @Test
    void itsStreamMayBeMadeOfBridgeAndTopic() {
        Router router = new Router(List.of(Texts.templated("bridge:+/t/#", "{bridge}-{topic(2)}")));
        assertEquals("plant-x", stream(router, "plant", "t/x"));
        assertEquals("other-y", stream(router, "other", "t/y"));
        assertSame(
                router.route(Source.BRIDGE, new FromBroker("plant", "t/x")),
                router.route(Source.BRIDGE, new FromBroker("plant", "t/x")));
        assertEquals("bridge", stream(router, "plant", "elsewhere"));
        assertEquals(
                KeyTemplate.TOPIC,
                ((Destination) router.route(Source.BRIDGE, new FromBroker("plant", "elsewhere"))).key());
    }

    private static String stream(Router router, String bridge, String topic) {
        return ((Destination) router.route(Source.BRIDGE, new FromBroker(bridge, topic))).stream().stream();
    }
}
