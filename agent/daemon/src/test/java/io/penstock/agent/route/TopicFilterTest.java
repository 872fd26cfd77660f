package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.base.settings.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
    /** The examples of MQTT 5.0, sections 4.7.1 and 4.7.2, and their edges. */
    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/tennis/player1/#, sport/tennis/player10, false",
        "sport/#, sport, true",
        "sport/#, sport/, true",
        "sport/#, sports, false",
        "sport/#, spor, false",
        "#, sport, true",
        "#, /, true",
        "#, a/b/c/d, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player2, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/tennis/#, a/tennis, true",
        "+/tennis/#, a/tennis/b/c, true",
        "+/tennis/#, tennis, false",
        "sport/+/player1, sport/tennis/player1, true",
        "sport/+/player1, sport//player1, true",
        "sport/+/player1, sport/player1, false",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "+, finance, true",
        "#, $SYS/broker, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS/monitor/Clients, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        "a/#, a/$b, true",
        "ACCOUNTS, Accounts, false",
        "a/b, a/b, true",
        "a/b, a/b/, false",
        "a/b/, a/b, false",
        "a/b, a, false",
        "a, a/b, false",
        "+/#, a, true",
        "+/+/#, a, false",
        "+/+/#, a/b, true",
    })
    void filtersTakeTheTopicsThatTheStandardSays(String filter, String topic, boolean taken) {
        assertEquals(taken, Texts.pattern("mqtt:" + filter).matches(topic));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "a+", "+a", "a/+b/c", "##", "++", "a/++"})
    void filtersThatTheStandardForbidsAreRefused(String filter) {
        assertInstanceOf(Parsed.Wrong.class, RoutePattern.parse("mqtt:" + filter));
    }

    @Test
    void aFilterLongerThanATopicCanBeIsRefused() {
        assertInstanceOf(Parsed.Wrong.class, RoutePattern.parse("mqtt:" + "\u00e9".repeat(32_768)));
        assertInstanceOf(Parsed.Wrong.class, RoutePattern.parse("mqtt:a\0b"));
    }
}
