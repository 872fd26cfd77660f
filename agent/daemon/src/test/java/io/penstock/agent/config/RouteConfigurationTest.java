package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.agent.route.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The keys of a route that add to a record and that lead to streams. */
class RouteConfigurationTest {
    private static List<String> added(Route route) {
        return Stream.of(route.fields().constants().json())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void constantsKeepTheirOrderAndTheirTypesFollowTheirQuotes() {
        String yaml = """
                routes:
                - match: "forward:**"
                  stream: s
                  add:
                    site: "${SITE}"
                    rack: 7
                    ratio: -1.50e3
                    live: true
                    "quoted": "7"
                    code: 007
                    word: yes
                    number: ${RACK}
                    empty: ""
                """;
        Configuration configuration = Loading.configuration(yaml, Map.of("SITE", "No\"rd", "RACK", "12"));
        List<String> expected = List.of(
                "\"site\":\"No\\\"rd\"",
                "\"rack\":7",
                "\"ratio\":-1.50e3",
                "\"live\":true",
                "\"quoted\":\"7\"",
                "\"code\":\"007\"",
                "\"word\":\"yes\"",
                "\"number\":\"12\"",
                "\"empty\":\"\"");
        assertEquals(expected, added(configuration.routes().get(0)));
        Configuration again = Loading.configuration(EffectiveConfiguration.render(configuration));
        assertEquals(configuration.routes(), again.routes());
    }

    @Test
    void aConstantWithTheNameOfAnotherFieldIsRefused() {
        assertMistakes(
                """
                routes:
                - {match: "mqtt:#", stream: s, add: {topic: x, user: y, "@id": z}}
                - {match: "forward:**", stream: s, add: {"@tag": x}, fields: {time: t}}
                - {match: "http:a", stream: s, format: raw, add: {a: [1], b: }}
                """,
                "f:2:38: routes[0].add.topic: is the name of a field that mqtt writes itself as well; give it another"
                        + " name",
                "f:2:48: routes[0].add.user: is the name of a field that mqtt writes itself as well; give it another"
                        + " name",
                "f:2:57: routes[0].add.@id: is the name of fields.id as well; give it another name",
                "f:3:42: routes[1].add.@tag: is the name of fields.tag as well; give it another name",
                "f:4:54: routes[2].add.a: is a list; write one value, in quotes if it begins with [",
                "f:4:59: routes[2].add.b: has no value; write one, or take the key out");
    }

    @Test
    void constantsAreBounded() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= 50; i++) {
            many.append("f").append(i).append(": x, ");
        }
        assertMistakes(
                "routes: [{match: \"http:a\", stream: s, add: {" + many + "}}]",
                "f:1:39: routes[0].add: has 51 fields; write at most 50");
        StringBuilder large = new StringBuilder();
        for (int i = 0; i < 17; i++) {
            large.append("f").append(i).append(": ").append("x".repeat(1000)).append(", ");
        }
        assertMistakes(
                "routes: [{match: \"http:a\", stream: s, add: {" + large + "}}]",
                "f:1:39: routes[0].add: takes 17143 bytes of every record; write at most 16384");
        assertMistakes(
                "routes: [{match: \"http:a\", stream: s, format: raw, add: {a: b}}]",
                "f:1:52: routes[0].add: adds to JSON records only, and format is raw; take it out, or write format: json");
    }

    @Test
    void thePayloadsFormIsAMatterOfJsonRecordsOfMqtt() {
        assertMistakes(
                """
                routes:
                - {match: "http:a", stream: s, payload: json}
                - {match: "mqtt:a", stream: s, payload: json, format: raw}
                - {match: "mqtt:b", stream: s, payload: xml}
                """,
                "f:2:32: routes[0].payload: shapes JSON records of mqtt and of bridges only; take it out",
                "f:3:32: routes[1].payload: shapes JSON records of mqtt and of bridges only; take it out",
                "f:4:41: routes[2].payload: \"xml\" is no form of a payload; write text or json");
    }

    @Test
    void aTemplateAndWhatItMayYieldAreJudgedTogether() {
        assertMistakes(
                """
                routes:
                - {match: "forward:**", stream: "a-{clientid}"}
                - {match: "forward:**", stream: "a-{tag}", allow-streams: ["b*", "a b"]}
                - {match: "forward:**", stream: "a-{tag}", allow-streams: "b*"}
                - {match: "forward:**", stream: a, allow-streams: "a*"}
                - {match: "forward:**", stream: "a{$.b}"}
                """,
                "f:2:33: routes[0].stream: {clientid} is unknown to events from forward; those of forward are {tag},"
                        + " {tag(1)}, {user}",
                "f:3:66: routes[1].allow-streams: \"a b\" is no pattern of stream names; write 1 to 128 letters, digits,"
                        + " underscores, dots and hyphens, and * for any of them",
                "f:4:33: routes[2].stream: \"a-{tag}\" can yield none of the names under allow-streams; let both begin"
                        + " alike",
                "f:5:36: routes[3].allow-streams: limits a template, and stream is one name; take it out",
                "f:6:33: routes[4].stream: a stream's name cannot be made of a JSON field, because the stream is chosen"
                        + " first; take one of {tag}, {tag(1)}, {user}");
    }

    @Test
    void bothMistakesOfFieldsAreTold() {
        assertMistakes(
                "routes: [{match: \"mqtt:#\", stream: s, fields: {time: \"\", id: \"@timestamp\"}}]",
                "f:1:54: routes[0].fields.time: a name of 0 characters; write 1 to 128, or false to switch it off",
                "f:1:58: routes[0].fields.id: \"@timestamp\" is the name of time as well; give each a name of its own, or"
                        + " write false");
    }

    @Test
    void theFormOfBinaryIsAMatterOfMsgpackWithoutADialectOfItsOwn() {
        assertMistakes(
                """
                routes:
                  - {match: "mqtt:#", stream: s, fields: {binary: text}}
                  - {match: "forward:a", stream: s, fields: {binary: base64, like: fluentd}}
                  - {match: "forward:b", stream: s, fields: {binary: hex}}
                """,
                "f:2:43: routes[0].fields.binary: shapes msgpack of forward and of http only, not mqtt; take it out",
                "f:3:46: routes[1].fields.binary: fluentd writes binary as text; take binary or like out",
                "f:4:54: routes[2].fields.binary: \"hex\" is no form of binary; write base64 or text");
    }

    @Test
    void aRuleOfTheAclWithoutFilterIsRefused() {
        assertMistakes(
                "mqtt: {acl: [{allow: []}, {deny: []}]}",
                "f:1:15: mqtt.acl[0].allow: has no topic filter; write one or several, or take the rule out",
                "f:1:28: mqtt.acl[1].deny: has no topic filter; write one or several, or take the rule out");
    }

    @Test
    void aRouteThatCanNeverMatchIsAWarning() {
        assertEquals(
                List.of(
                        "routes[1] (log4j:a.b) never matches, because routes[0] (log4j:a.**) takes all of its events: move"
                                + " it before that route, or take it out",
                        "routes[2] (http:x) never matches, because http.listen is []: switch the source on, or take the"
                                + " route out"),
                Loading.configuration("""
                                http: {listen: []}
                                log4j: {listen: []}
                                routes:
                                - {match: "log4j:a.**", stream: s}
                                - {match: "log4j:a.b", stream: t}
                                - {match: "http:x", stream: s}
                                - {match: "forward:**", stream: s}
                                """).warnings());
    }
}
