package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.mqtt.BridgeSourceSettings;
import io.penstock.agent.mqtt.BridgeSourceTakeOver;
import io.penstock.agent.mqtt.BridgeSourceTls;
import io.penstock.agent.mqtt.BridgeSourceTopic;
import io.penstock.mqtt.bridge.BridgeTopic;
import io.penstock.mqtt.bridge.BridgeUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code mqtt.bridges:} */
class BridgeConfigurationTest {
    /** Every key with another value than its default. */
    static final String BRIDGES = """
              bridges:
                - name: plant
                  urls: ["mqtts://broker-a:8884", "wss://[::1]/bus"]
                  version: 3.1.1
                  topics: [{filter: "sensors/#", qos: 2}, {filter: "$SYS/#", qos: 0}]
                  shared-group: penstock
                  connections: 2
                  client-id: gw
                  receive-maximum: 10
                  packet: 1MiB
                  keep-alive: 30s
                  retained: skip
                  ack: delivered
                  user: ann
                  password-file: /p
                  tls: {ca: /ca.pem, certificate: /c.pem, key: /k.pem, alpn: [x-amzn-mqtt-ca], server-name: b.example}
                - {name: other, urls: "mqtt://b", topics: [{filter: a}], session-expiry: 1h, topic-aliases: 0,
                   shared-group: g, take-over: {members: [a, b], after: 5s}}
            """;

    private static final String ALL = "mqtt:\n" + BRIDGES;

    private static final String FORMS =
            "write mqtt://HOST[:1883], mqtts://HOST[:8883], ws://HOST[:80][/mqtt] or" + " wss://HOST[:443][/mqtt]";

    private static BridgeSourceSettings one(String keys) {
        return configuration("mqtt: {bridges: [{name: b, urls: \"mqtt://b\", topics: [{filter: a}]" + keys + "}]}")
                .mqtt()
                .bridges()
                .get(0);
    }

    @Test
    void aNameABrokerAndATopicAreEnough() {
        assertEquals(
                new BridgeSourceSettings(
                        "b",
                        List.of(new BridgeUrl(BridgeUrl.Scheme.MQTT, "b", 1883, "")),
                        BridgeSourceSettings.Version.MQTT_5,
                        List.of(new BridgeSourceTopic("a", 1)),
                        new BridgeSourceSettings.Session(
                                Optional.empty(), 1, Optional.empty(), Duration.ofDays(7), Optional.empty()),
                        new BridgeSourceSettings.Packets(
                                4096, 32, 10 << 20, Duration.ofMinutes(1), BridgeTopic.Retained.TAKE, AckMode.DURABLE),
                        new BridgeSourceSettings.Login(Optional.empty(), Optional.empty()),
                        Optional.empty()),
                one(""));
    }

    @Test
    void everyKeyCanBeSetToSomethingElse() {
        List<BridgeSourceSettings> bridges = configuration(ALL).mqtt().bridges();
        assertEquals(
                new BridgeSourceSettings(
                        "plant",
                        List.of(
                                new BridgeUrl(BridgeUrl.Scheme.MQTTS, "broker-a", 8884, ""),
                                new BridgeUrl(BridgeUrl.Scheme.WSS, "::1", 443, "/bus")),
                        BridgeSourceSettings.Version.MQTT_3_1_1,
                        List.of(new BridgeSourceTopic("sensors/#", 2), new BridgeSourceTopic("$SYS/#", 0)),
                        new BridgeSourceSettings.Session(
                                Optional.of("penstock"), 2, Optional.of("gw"), Duration.ofDays(7), Optional.empty()),
                        new BridgeSourceSettings.Packets(
                                10, 32, 1 << 20, Duration.ofSeconds(30), BridgeTopic.Retained.SKIP, AckMode.DELIVERED),
                        new BridgeSourceSettings.Login(Optional.of("ann"), Optional.of(Path.of("/p"))),
                        Optional.of(new BridgeSourceTls(
                                Optional.of(Path.of("/ca.pem")),
                                Optional.of(Path.of("/c.pem")),
                                Optional.of(Path.of("/k.pem")),
                                List.of("x-amzn-mqtt-ca"),
                                Optional.of("b.example")))),
                bridges.get(0));
        assertEquals(Duration.ofHours(1), bridges.get(1).session().sessionExpiry());
        assertEquals(0, bridges.get(1).packets().topicAliases());
        assertEquals(
                Optional.of(new BridgeSourceTakeOver(List.of("a", "b"), Duration.ofSeconds(5))),
                bridges.get(1).session().takeOver());
    }

    @Test
    void whatIsPrintedLoadsToTheSame() {
        Configuration all = configuration(ALL);
        assertEquals(all, configuration(EffectiveConfiguration.render(all)));
    }

    @Test
    void theClientIdIsMadeOfHostAndNameAndNumberedWhereThereAreSeveral() {
        assertEquals(List.of("penstock-h-b"), one("").clientIds("h"));
        assertEquals(
                List.of("penstock-h-b", "penstock-h-b-1"),
                one(", connections: 2, shared-group: g").clientIds("h"));
        assertEquals(List.of("gw"), one(", client-id: gw").clientIds("h"));
    }

    @Test
    void addressesOfBrokersAreUrls() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - name: b
                      topics: [{filter: a}]
                      urls:
                        - tcp://b:1883
                        - b:1883
                        - mqtt://ann:hush@b
                        - mqtt://b:0
                        - mqtt://b:65536
                        - mqtt://b/path
                        - mqtt://b?x=1
                        - "mqtt://"
                """,
                "f:6:11: mqtt.bridges[0].urls: 'tcp://b:1883' has no scheme of a broker; " + FORMS,
                "f:7:11: mqtt.bridges[0].urls: 'b:1883' has no scheme of a broker; " + FORMS,
                "f:8:11: mqtt.bridges[0].urls: a broker's URL holds no user name or password; "
                        + "write them as user and password-file",
                "f:9:11: mqtt.bridges[0].urls: 'mqtt://b:0' has a port outside 1 to 65535; "
                        + "write one such as mqtt://HOST:1883",
                "f:10:11: mqtt.bridges[0].urls: 'mqtt://b:65536' has a port outside 1 to 65535; "
                        + "write one such as mqtt://HOST:1883",
                "f:11:11: mqtt.bridges[0].urls: 'mqtt://b/path' has a path, which only ws:// and wss:// have; " + FORMS,
                "f:12:11: mqtt.bridges[0].urls: 'mqtt://b?x=1' is no URL of a broker; " + FORMS,
                "f:13:11: mqtt.bridges[0].urls: 'mqtt://' is no URL of a broker; " + FORMS);
    }

    @Test
    void whatABridgeNeedsIsToldWhenItIsMissing() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - {}
                    - {name: a, urls: [], topics: []}
                    - {name: "a b", urls: "mqtt://b", topics: [{qos: 1}], topcis: []}
                """,
                "f:3:7: mqtt.bridges[0].name: is missing; name the bridge, such as plant",
                "f:3:7: mqtt.bridges[0].urls: is missing; name the broker, such as mqtts://broker.example.com:8883",
                "f:3:7: mqtt.bridges[0].topics: is missing; write one such as {filter: \"sensors/#\", qos: 1}",
                "f:4:17: mqtt.bridges[1].urls: is empty; name the broker, such as mqtts://broker.example.com:8883",
                "f:4:27: mqtt.bridges[1].topics: is empty; write one such as {filter: \"sensors/#\", qos: 1}",
                "f:5:14: mqtt.bridges[2].name: \"a b\" is no name of a bridge; write 1 to 64 letters, digits,"
                        + " underscores, dots and hyphens",
                "f:5:48: mqtt.bridges[2].topics[0].filter: is missing; write a topic filter such as sensors/#",
                "f:5:59: mqtt.bridges[2].topcis: is no key of mqtt.bridges[2]; did you mean topics?");
    }

    @Test
    void topicsAreFiltersOfMqttWithoutAGroupAndEachOnce() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - name: b
                      urls: mqtt://b
                      shared-group: a/b
                      topics:
                        - {filter: "a/#/b"}
                        - {filter: "$share/g/a"}
                        - {filter: a, qos: 3}
                        - {filter: b}
                        - {filter: b, qos: 0}
                """,
                "f:5:21: mqtt.bridges[0].shared-group: \"a/b\" is no name of a group; write 1 to 256 characters without"
                        + " /, + and #",
                "f:7:20: mqtt.bridges[0].topics[0].filter: \"a/#/b\" has a # that is not the last level; # stands alone"
                        + " at the end: a/b/#",
                "f:8:20: mqtt.bridges[0].topics[1].filter: \"$share/g/a\" names a group; write the filter alone here,"
                        + " and shared-group: beside topics",
                "f:9:28: mqtt.bridges[0].topics[2].qos: 3 is out of bounds; write a number from 0 to 2",
                "f:11:12: mqtt.bridges[0].topics[4].filter: \"b\" stands here twice; take one of them out");
    }

    @Test
    void whatDoesNotGoTogetherIsTold() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - name: a
                      urls: ["mqtts://b", "mqtt://b"]
                      topics: [{filter: a}]
                      version: 3.1.1
                      session-expiry: 1h
                      topic-aliases: 3
                      connections: 2
                      password-file: /p
                      tls: {certificate: /c.pem}
                """,
                "f:4:27: mqtt.bridges[0].urls: \"mqtt://b:1883\" is not encrypted, and tls stands beside it; write"
                        + " mqtts:// or wss://, or take tls out",
                "f:7:7: mqtt.bridges[0].session-expiry: is unknown to MQTT 3.1.1; write version: 5, or take it out",
                "f:8:7: mqtt.bridges[0].topic-aliases: is unknown to MQTT 3.1.1; write version: 5, or take it out",
                "f:9:7: mqtt.bridges[0].connections: would each take every message, which is then stored 2 times; write"
                        + " shared-group: beside it",
                "f:10:7: mqtt.bridges[0].password-file: stands without user; write user: beside it",
                "f:11:13: mqtt.bridges[0].tls.certificate: stands without key; write both, or neither");
    }

    @Test
    void aTakeOverNeedsAGroupMembersAndTime() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - name: a
                      urls: mqtt://b
                      topics: [{filter: a}]
                      take-over: {after: 10s}
                    - name: b
                      urls: mqtt://b
                      topics: [{filter: a}]
                      shared-group: g
                      session-expiry: 1m
                      take-over: {members: [x], after: 1m}
                    - name: c
                      urls: mqtt://b
                      topics: [{filter: a}]
                      version: 3.1.1
                      shared-group: g
                      take-over: {members: []}
                """,
                "f:6:7: mqtt.bridges[0].take-over.members: is missing; name the agents of the group, such as"
                        + " penstock-HOST-NAME",
                "f:6:7: mqtt.bridges[0].take-over: stands without shared-group; write shared-group: beside it, or take"
                        + " it out",
                "f:12:7: mqtt.bridges[1].take-over: begins when the session has expired; write a longer session-expiry,"
                        + " or a shorter take-over.after",
                "f:18:7: mqtt.bridges[2].take-over: is unknown to MQTT 3.1.1; write version: 5, or take it out",
                "f:18:19: mqtt.bridges[2].take-over.members: is empty; name the agents of the group, such as"
                        + " penstock-HOST-NAME");
    }

    @Test
    void namesAndClientIdsAreThereOnce() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - {name: a, urls: "mqtt://b", topics: [{filter: a}], client-id: x-1}
                    - {name: a, urls: "mqtt://b", topics: [{filter: a}]}
                    - {name: c, urls: "mqtt://b", topics: [{filter: a}], client-id: x, connections: 2, shared-group: g}
                """,
                "f:4:8: mqtt.bridges[1].name: \"a\" is the name of another bridge; give each its own",
                "f:5:58: mqtt.bridges[2].client-id: \"x-1\" is the client id of bridge a as well: the broker would end"
                        + " the one when the other connects; give each its own");
    }

    @Test
    void numbersDurationsSizesAndWordsHaveBounds() {
        assertMistakes(
                """
                mqtt:
                  bridges:
                    - name: b
                      urls: mqtts://b
                      topics: [{filter: a}]
                      version: 4
                      connections: 0
                      session-expiry: 1s
                      receive-maximum: 0
                      topic-aliases: 1001
                      packet: 1
                      keep-alive: 1s
                      retained: both
                      ack: never
                      tls: {alpn: ["a b"], server-name: "b:1"}
                """,
                "f:6:16: mqtt.bridges[0].version: \"4\" is no version of MQTT that a bridge speaks; write 5 or 3.1.1",
                "f:7:20: mqtt.bridges[0].connections: 0 is out of bounds; write a number from 1 to 64",
                "f:8:23: mqtt.bridges[0].session-expiry: \"1s\" is out of bounds; write 1m to 8760h",
                "f:9:24: mqtt.bridges[0].receive-maximum: 0 is out of bounds; write a number from 1 to 65535",
                "f:10:22: mqtt.bridges[0].topic-aliases: 1001 is out of bounds; write a number from 0 to 1000",
                "f:11:15: mqtt.bridges[0].packet: \"1\" is too small; write at least 1KiB",
                "f:12:19: mqtt.bridges[0].keep-alive: \"1s\" is out of bounds; write 5s to 65535s",
                "f:13:17: mqtt.bridges[0].retained: \"both\" is not one of the choices; write take or skip",
                "f:14:12: mqtt.bridges[0].ack: \"never\" is not one of the choices; write durable or memory or delivered",
                "f:15:20: mqtt.bridges[0].tls.alpn: \"a b\" is no protocol name; write 1 to 255 visible characters, such"
                        + " as x-amzn-mqtt-ca",
                "f:15:41: mqtt.bridges[0].tls.server-name: \"b:1\" is no host name; write a name without port, such as"
                        + " broker.example.com");
    }

    @Test
    void aRouteThatNoBridgeCanFeedIsNamed() {
        Configuration all = configuration("""
                mqtt:
                  bridges: [{name: plant, urls: "mqtt://b", topics: [{filter: "sensors/#"}]}]
                routes:
                  - {match: "bridge:plant/sensors/+/t", stream: s}
                  - {match: "bridge:plnt/#", stream: s}
                  - {match: "bridge:plant/other/#", stream: s}
                  - {match: "bridge:+/x", stream: s}
                """);
        assertEquals(
                List.of(
                        "routes[1] (bridge:plnt/#) never matches, because no bridge has this name: did you mean plant?",
                        "routes[2] (bridge:plant/other/#) never matches, because the bridge subscribes to sensors/#:"
                                + " subscribe to its topics too, or take the route out",
                        "routes[3] (bridge:+/x) never matches, because the bridge subscribes to sensors/#: subscribe to"
                                + " its topics too, or take the route out"),
                all.warnings());
        assertEquals(
                List.of("routes[0] (bridge:a/#) never matches, because mqtt.bridges is []: write the bridge there, or"
                        + " take the route out"),
                configuration("routes: [{match: \"bridge:a/#\", stream: s}]").warnings());
    }

    @Test
    void aPatternOfABridgeHasANameAndAFilter() {
        String remedy = "; write bridge:NAME/TOPIC_FILTER, such as bridge:plant/sensors/#, or + as the name for every"
                + " bridge";
        assertMistakes(
                """
                routes:
                  - {match: "bridge:plant", stream: s}
                  - {match: "bridge:*/a", stream: s}
                  - {match: "bridge:plant/", stream: s}
                  - {match: "bridge:plant/a", stream: s, partition-key: "{clientid}"}
                """,
                "f:2:13: routes[0].match: \"plant\" has no topic filter" + remedy,
                "f:3:13: routes[1].match: \"*\" is no name of a bridge" + remedy,
                "f:4:13: routes[2].match: the topic filter is empty; write a topic filter such as"
                        + " sensors/+/temperature or sensors/#",
                "f:5:57: routes[3].partition-key: {clientid} is unknown to events from bridge; those of bridge are"
                        + " {topic}, {topic(1)}, {bridge}, {$.name}");
    }
}
