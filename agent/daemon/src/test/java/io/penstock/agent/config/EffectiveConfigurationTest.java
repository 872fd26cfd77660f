package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EffectiveConfigurationTest {
    private static final String OWN_CERTIFICATE = "engine: {tls: {certificate: /a/b.pem, key: /a/c.pem}}";

    @Test
    void whatItPrintsLoadsToTheSameConfiguration() {
        assertRoundTrip(configuration(""));
        assertRoundTrip(configuration("""
                data: "/tmp/a b/\\"c\\"/\\\\d/\\u00e9"
                shutdown-timeout: 90s
                mqtt: {listen: ["0.0.0.0:1", "[::1]:2"], allow-anonymous: true}
                http: {listen: [], hosts: [a.example.com], origins: ["https://a.example.com:1"]}
                routes:
                  - {match: "mqtt:a/+/b/#", stream: "1.0", partition-key: "k-$${topic}-{$.a.b}", format: raw}
                  - {match: "forward:a.{b,c.*}.**", stream: s, fields: {time: "false", id: false, tag: "a: b #c"}}
                  - {match: "forward:t.**", stream: "t-{tag(2)}", allow-streams: [t-a, "t-b*"], add: {a: "1", b: 1, c: "$${X}", "d e": true}}
                  - {match: "mqtt:p", stream: s, payload: json}
                  - {match: "forward:b", stream: s, target: "1.0", priority: bulk, fields: {time-format: "%Y %%", log-key: "l k"}}
                  - {match: "forward:c", stream: s, fields: {like: fluent-bit, time: t}}
                  - {match: "http:b", stream: s, fields: {binary: text}}
                  - {match: "forward:d", stream: s, compress: zlib, fields: {like: fluentd, tag: t, chomp-record: true}}
                  - {match: "log4j:com.acme.**", stream: s, partition-key: "{logger}", aggregate: true, compress: gzip}
                kinesis: {endpoint: "https://k.example.com/x", region: eu-west-1, http-version: 2, linger: 1500ms, max-rate: 65536}
                targets: {"1.0": {endpoint: embedded, api: put-record}, b: {endpoint: "http://b:1", ordering: none}}
                spool: {max-bytes: 1234567, reserve: 0, when-full: drop-newest}
                engine: {retention: 7d, durability: os, max-streams: 2, enforce-limits: true, tls: {names: [a.test]}}
                """));
        assertRoundTrip(configuration(OWN_CERTIFICATE));
        assertRoundTrip(configuration(HttpConfigurationTest.ALL));
    }

    @Test
    void everyKeyThatIsReadIsPrinted() {
        String printed = EffectiveConfiguration.render(configuration(
                "routes: [{match: \"forward:a\", stream: s, fields: {time-format: \"%s\", log-key: l, binary: text}},"
                        + " {match: \"forward:b\", stream: s, fields: {like: fluentd, chomp-record: true},"
                        + " add: {site: x}}]\n"
                        + "kinesis-api: {listen: \"127.0.0.1:4568\", auth: sigv4, credentials-file: /keys}\n"
                        + "engine: {auth: sigv4, credentials-file: /keys}\n"
                        + "metrics: {otlp: {url: \"http://a/v1/metrics\", authorization: secret}}\n"
                        + MqttConfigurationTest.ALL + ForwardConfigurationTest.ALL + HttpConfigurationTest.ALL
                        + CredentialsConfigurationTest.ALL));
        for (String key : Vocabulary.all()) {
            String last = key.substring(key.lastIndexOf('.') + 1);
            boolean switchedOff = NotInThisVersion.TABLE.filled(key).isPresent() || last.equals("auth");
            assertTrue(switchedOff || printed.contains(last + ":"), key + " in\n" + printed);
        }
    }

    private static void assertRoundTrip(Configuration configuration) {
        String printed = EffectiveConfiguration.render(configuration);
        assertEquals(configuration, configuration(printed), printed);
        assertEquals(printed, EffectiveConfiguration.render(configuration(printed)));
    }
}
