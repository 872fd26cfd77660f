package io.penstock.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.mqtt.TopicAcl.Rule;
import io.penstock.mqtt.internal.auth.TopicFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which clients may publish to which topics. */
class TopicAclTest {
    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/b/c, false",
        "a/b, a, false",
        "a/+, a/b, true",
        "a/+, a/, true",
        "a/+, a, false",
        "+/+, /x, true",
        "#, a/b/c, true",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, ab, false",
        "+, a/b, false",
        "#, $SYS/x, false",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/x, true",
    })
    @DisplayName("[MQTT-4.7.1-1] [MQTT-4.7.1-2] [MQTT-4.7.2-1] [MQTT-4.7.1-2 of 3.1.1] [MQTT-4.7.1-3 of 3.1.1]"
            + " [MQTT-4.7.2-1 of 3.1.1] filters match as the specification's examples do")
    void filtersMatch(String filter, String topic, boolean matches) {
        assertEquals(matches, TopicFilter.matches(filter, topic));
    }

    @Test
    void filtersMatchAsARegularExpressionDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            String filter = path(random, new String[] {"a", "b", "+", ""}) + (random.nextInt(3) == 0 ? "/#" : "");
            String topic = path(random, new String[] {"a", "b", "ab", ""});
            String regex = Pattern.compile("[^/]*").matcher(filter).replaceAll(level -> switch (level.group()) {
                case "+" -> "[^/]*";
                case "#" -> "HASH";
                default -> level.group();
            });
            regex = regex.endsWith("/HASH") ? regex.substring(0, regex.length() - 5) + "(/.*)?" : regex;
            assertEquals(
                    topic.matches(regex),
                    TopicFilter.matches(filter, topic),
                    "seed " + seed + ": " + filter + " and " + topic);
        }
    }

    private static String path(Random random, String[] levels) {
        StringBuilder path = new StringBuilder(levels[random.nextInt(levels.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(levels[random.nextInt(levels.length)]);
        }
        return path.toString();
    }

    private static boolean may(TopicAcl acl, String client, String user, String topic) {
        return acl.mayPublish(client, Optional.ofNullable(user), topic);
    }

    @Test
    void theFirstRuleThatAppliesDecidesAndWithoutOneItIsNo() {
        TopicAcl acl = new TopicAcl(List.of(
                new Rule(false, Optional.of("guest"), Optional.empty(), "a/secret"),
                new Rule(true, Optional.empty(), Optional.of("gateway"), "#"),
                Rule.allow("a/#")));
        assertFalse(may(acl, "c", "guest", "a/secret"));
        assertTrue(may(acl, "c", "joe", "a/secret"));
        assertTrue(may(acl, "c", null, "a/secret"));
        assertTrue(may(acl, "c", "guest", "a/public"));
        assertFalse(may(acl, "c", "joe", "b"));
        assertTrue(may(acl, "gateway", "joe", "b"));
    }

    @Test
    void placeholdersStandForNamesAndNeverReachBeyondTheirLevel() {
        TopicAcl acl = new TopicAcl(List.of(Rule.allow("u/%u/c/%c"), Rule.allow("dev/%c/#")));
        assertTrue(may(acl, "c1", "joe", "u/joe/c/c1"));
        assertFalse(may(acl, "c1", "joe", "u/ann/c/c1"));
        assertFalse(may(acl, "c1", null, "u//c/c1"));
        assertTrue(may(acl, "c1", null, "dev/c1/x"));
        assertFalse(may(acl, "+", null, "dev/c1/x"));
        assertFalse(may(acl, "#", null, "dev/c1"));
        assertFalse(may(acl, "a/b", null, "dev/a/b/x"));
        assertFalse(may(acl, "%u", "joe", "u/joe/c/joe"));
        assertTrue(may(acl, "%u", "joe", "u/joe/c/%u"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/#/b", "a+", "+a/b", "a#", ""})
    void aPatternThatIsNoFilterIsRefused(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> Rule.allow(pattern));
    }

    @Test
    @DisplayName("[MQTT-3.3.5-2 of 3.1.1] what is not permitted is refused in MQTT 5 and ends the connection in MQTT 3")
    void theServerHoldsToIt() throws IOException {
        ManualStore store = new ManualStore().automatic();
        RecordedEvents events = new RecordedEvents();
        try (MqttServer server = MqttServer.builder(store)
                        .settings(MqttSettings.plain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                        .permission(new TopicAcl(List.of(Rule.allow("ok/#"))))
                        .events(events)
                        .start();
                RawClient five = new RawClient(server.addresses().get(0));
                RawClient four = new RawClient(server.addresses().get(0));
                RawClient willful = new RawClient(server.addresses().get(0))) {
            five.connected(5, "c").send(Packet.publish(5, 1, 1, "ok/a", "x")).expect("40 02 00 01");
            String refusal = five.send(Packet.publish(5, 1, 2, "no", "x")).expectReason(0x40, 4, 0x87);
            assertTrue(refusal.contains("'no'"));
            five.send(Packet.publish(5, 0, 0, "no", "x"), Packet.publish(5, 2, 3, "ok/a", "x"))
                    .expect("50 02 00 03");
            four.connected(4, "d").send(Packet.publish(4, 0, 0, "no", "x")).expectNothingYet();
            four.send(Packet.publish(4, 1, 1, "no", "x")).expectClosed();
            byte[] connect = Packet.connect(4, 6, 0)
                    .string("e")
                    .string("no")
                    .string("gone")
                    .bytes();
            willful.send(connect).expect("20 02 00 05").expectClosed();
            await().until(() -> events.refused.size() == 3);
            assertEquals(2, store.events().size());
            assertEquals(Rejection.NOT_AUTHORIZED, events.rejected.get(0).why());
        }
    }
}
