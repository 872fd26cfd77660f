package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;

import org.junit.jupiter.api.Test;

/** Values that YAML takes for something else, because they lack quotes. */
class YamlTrapsTest {
    private static void route(String key, String mistake) {
        assertMistakes("routes:\n- match: \"mqtt:#\"\n  stream: s\n  " + key + "\n", mistake);
    }

    @Test
    void aPlaceholderWithoutQuotesIsNamedWithItsQuotes() {
        route(
                "partition-key: {clientid}",
                "f:4:18: routes[0].partition-key: is a section; put it in quotes, because YAML takes what begins with {"
                        + " for a section: \"{clientid}\"");
        route(
                "partition-key: {topic(2)}",
                "f:4:18: routes[0].partition-key: is a section; put it in quotes, because YAML takes what begins with {"
                        + " for a section: \"{topic(2)}\"");
        route(
                "partition-key: {$.device.id}",
                "f:4:18: routes[0].partition-key: is a section; put it in quotes, because YAML takes what begins with {"
                        + " for a section: \"{$.device.id}\"");
    }

    @Test
    void whatFollowsAPlaceholderIsNoYaml() {
        route(
                "partition-key: {clientid}-{user}",
                "f:4:28: no valid YAML: expected <block end>, but found '<scalar>'; if it is one value, put it in quotes,"
                        + " because it begins with {; else mend the section");
    }

    @Test
    void aCharacterThatNoValueBeginsWithIsNamed() {
        route(
                "fields: {time: @timestamp}",
                "f:4:18: no valid YAML: found character '@' that cannot start any token. (Do not use @ for indentation);"
                        + " put the value in quotes, because it begins with @");
        route(
                "fields: {time-format: %Y}",
                "f:4:25: no valid YAML: found character '%' that cannot start any token. (Do not use % for indentation);"
                        + " put the value in quotes, because it begins with %");
    }

    @Test
    void aStarIsAnAlias() {
        route(
                "allow-streams: *",
                "f:4:19: no valid YAML: unexpected character found (10); put the value in quotes, because it begins with"
                        + " *");
        route(
                "allow-streams: *-x",
                "f:4:18: no valid YAML: found undefined alias -x; put the value in quotes, because it begins with *");
    }

    @Test
    void aNumberSignIsACommentAndATagOrAnAnchorTakesTheBeginningAway() {
        assertMistakes(
                """
                mqtt: {acl: [{deny: [a]}]}
                forward:
                  shared-key: #secret
                http:
                  hosts: !b c
                kinesis:
                  linger: &a
                """,
                "f:3:3: forward.shared-key: has no value; put it in quotes, because YAML takes what begins with # for a"
                        + " comment",
                "f:5:10: http.hosts: has lost its beginning; put it in quotes, because YAML takes what begins with ! for"
                        + " a tag",
                "f:7:3: kinesis.linger: has no value; put it in quotes, because YAML takes what begins with & for"
                        + " an anchor");
    }

    @Test
    void aColonAndABlankBeginASection() {
        route(
                "target: a: b",
                "f:4:12: no valid YAML: mapping values are not allowed here; put the value in quotes, because it has a"
                        + " colon and a blank in it");
    }

    @Test
    void aBackslashInDoubleQuotesIsAnEscape() {
        route(
                "target: \"a\\d\"",
                "f:4:14: no valid YAML: found unknown escape character d(100); put it in single quotes, in which \\"
                        + " stands for itself");
    }

    @Test
    void anAddressInBracketsIsAList() {
        assertMistakes(
                "mqtt:\n  listen: [::1]:1883\n",
                "f:2:12: no valid YAML: expected the node content, but found ':'; if it is one value, put it in quotes,"
                        + " because it begins with [; else mend the list");
    }
}
