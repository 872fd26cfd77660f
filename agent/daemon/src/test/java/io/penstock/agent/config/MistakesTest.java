package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static io.penstock.agent.config.Loading.mistakes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.agent.route.RoutePattern;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MistakesTest {
    private static final String LISTEN_REMEDY = "write HOST:PORT, such as 127.0.0.1:1883 or [::1]:1883";

    @Test
    void allMistakesAreToldAtOnceInTheOrderOfTheFile() {
        assertMistakes(
                """
                mqtt:
                  lisen: ["127.0.0.1:1883"]
                  ack: durabel
                spool:
                  max-bytes: plenty
                colour: green
                kinesis:
                  linger: 20
                """,
                "f:2:3: mqtt.lisen: is no key of mqtt; did you mean listen?",
                "f:3:8: mqtt.ack: \"durabel\" is not one of the choices; did you mean durable?",
                "f:5:14: spool.max-bytes: \"plenty\" is no size; write bytes or a size such as 10MiB or 4GiB",
                "f:6:1: colour: is no key; the keys are admin, data, engine, forward, http, kinesis, kinesis-api, log,"
                        + " log4j, memory, metrics, mqtt, routes, shutdown-timeout, spool, targets",
                "f:8:11: kinesis.linger: \"20\" has no unit; write a number and ms, s, m, h or d, such as 20s");
    }

    @Test
    void aRouteWithoutAStreamIsToldItsOtherMistakesToo() {
        assertMistakes(
                """
                routes: [{match: "log4j:a", target: nope, partition-key: "{tag}", fields: {like: fluentd, log-key: x}}]
                """,
                "f:1:10: routes[0].stream: is missing; name the stream that it leads to",
                "f:1:37: routes[0].target: \"nope\" is no target; write default, or name it under targets:",
                "f:1:58: routes[0].partition-key: {tag} is unknown to events from log4j; those of log4j are {logger},"
                        + " {logger(1)}, {$.name}",
                "f:1:76: routes[0].fields.like: shapes events of forward only, not of log4j; take it out",
                "f:1:91: routes[0].fields.log-key: shapes events of forward only, not of log4j; take it out");
    }

    @Test
    void aRoleThatIsNotNamedIsToldItsOtherMistakesToo() {
        assertMistakes(
                "kinesis: {endpoint: \"http://h:1\", assume-role: {external-id: x}}",
                "f:1:35: kinesis.assume-role.role-arn: is missing; write it as arn:aws:iam::123456789012:role/NAME",
                "f:1:35: kinesis.assume-role: has nobody to assume it: the source of the credentials is none; write"
                        + " credentials: {source: chain}, or another source, beside it");
    }

    @Test
    void whatDependsOnAKeyIsNotJudgedWhereThatKeyIsAListOrASection() {
        assertMistakes(
                "kinesis: {endpoint: [aws], region: eu-west-1, fips: true, credentials: {source: chain}}",
                "f:1:21: kinesis.endpoint: is a list; write one value, in quotes if it begins with [");
    }

    @Test
    void theSourcesOfCredentialsAreNamedInTheOrderOfTheirDeclaration() {
        assertMistakes(
                "kinesis: {endpoint: aws, region: eu-west-1, credentials: {source: keys}}",
                "f:1:67: kinesis.credentials.source: \"keys\" is not one of the choices; write none or chain or profile or"
                        + " static or web-identity or container or instance");
    }

    @Test
    void aRateThatCarriesNothingAndAPriorityThatIsNoneAreTold() {
        assertMistakes(
                """
                kinesis: {max-rate: 100}
                routes: [{match: "mqtt:#", stream: s, priority: high}]
                """,
                "f:1:21: kinesis.max-rate: \"100\" is too small; write at least 1KiB",
                "f:2:49: routes[0].priority: \"high\" is no priority; write urgent, normal or bulk");
    }

    @Test
    void aKeyInAnotherSpellingIsRecognised() {
        assertMistakes(
                "engine: {maxStreams: 3, auto_create: true}",
                "f:1:10: engine.maxStreams: is no key of engine; did you mean max-streams?",
                "f:1:25: engine.auto_create: is no key of engine; did you mean auto-create?");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertMistakes(
                "data: /a\nmqtt: {}\ndata: /b\n",
                "f:3:1: data: stands here twice, first in line 1; take one of them out");
    }

    @Test
    void whatALaterVersionBringsIsRefusedAndNeverIgnored() {
        assertMistakes("""
                admin:
                  tls: {certificate: a.pem}
                routes:
                  - {match: "mqtt:#", stream: s}
                """, "f:2:3: admin.tls: is not in this version: TLS on the admin port; take it out");
    }

    @Test
    void missingStreamsAreMadeAsWholeWordsSay() {
        assertMistakes(
                """
                kinesis:
                  auto-create: {enabled: true}
                targets:
                  a:
                    endpoint: aws
                    region: eu-west-1
                    auto-create: {enabled: yes, mode: on-demnd, retention: 90m}
                  b:
                    endpoint: "http://b"
                    auto-create: {mode: on-demand, shards: 3, retention: 1501m}
                    prices: {shard-hour: cheap}
                  c: {endpoint: "http://c", prices: {on-demand-gigabyte: 0.08}}
                  d: {endpoint: "http://d", prices: {}}
                routes:
                  - {match: "mqtt:#", stream: s, compress: lz4}
                """,
                "f:2:3: kinesis.auto-create: stands beside endpoint: embedded; write it under engine:",
                "f:7:28: targets.a.auto-create.enabled: \"yes\" is neither true nor false; write true or false",
                "f:7:39: targets.a.auto-create.mode: \"on-demnd\" is no mode; write provisioned or on-demand",
                "f:7:60: targets.a.auto-create.retention: \"90m\" is out of bounds; write 24h to 8760h",
                "f:10:36: targets.b.auto-create.shards: stands beside mode: on-demand, in which the service decides;"
                        + " take it out",
                "f:10:47: targets.b.auto-create.retention: is no whole number of hours; write one such as 36h or 7d",
                "f:11:5: targets.b.prices.million-put-units: is missing; write a number such as 0.015",
                "f:11:26: targets.b.prices.shard-hour: \"cheap\" is no price; write a number such as 0.015",
                "f:12:29: targets.c.prices.on-demand-stream-hour: is missing; write a number such as 0.015",
                "f:13:29: targets.d.prices.shard-hour: is missing; write a number such as 0.015",
                "f:13:29: targets.d.prices.million-put-units: is missing; write a number such as 0.015",
                "f:15:44: routes[0].compress: \"lz4\" is no compression; write none, gzip, zlib or zstd");
    }

    @Test
    void aTargetHasANameAndAnEndpointAndIsCalledByItsName() {
        assertMistakes(
                """
                routes:
                  - {match: "mqtt:#", stream: s, target: archiv}
                  - {match: "mqtt:#", stream: s, target: elsewhere}
                targets:
                  archive: {linger: 1}
                  default: {endpoint: aws}
                  "a b": {endpoint: embedded}
                  other: {endpoint: embeded, linge: 1ms}
                """,
                "f:2:42: routes[0].target: \"archiv\" is no target; did you mean archive?",
                "f:3:42: routes[1].target: \"elsewhere\" is no target; the targets are default, archive, other",
                "f:5:3: targets.archive.endpoint: is missing; " + TargetAddress.CHOICES,
                "f:5:21: targets.archive.linger: \"1\" has no unit; write a number and ms, s, m, h or d, such as 20s",
                "f:6:3: targets.default: the target of this name is kinesis:; give it another name",
                "f:7:3: targets.a b: \"a b\" is no name for a target; write 1 to 64 letters, digits, underscores, dots"
                        + " and hyphens",
                "f:8:21: targets.other.endpoint: \"embeded\" is no endpoint; did you mean embedded?",
                "f:8:30: targets.other.linge: is no key of targets.other; did you mean linger?");
        assertMistakes(
                "routes: [{match: \"mqtt:#\", stream: s, target: archive}]",
                "f:1:47: routes[0].target: \"archive\" is no target; write default, or name it under targets:");
    }

    @Test
    void whatFollowsFromAMistypedEndpointOrSourceIsNotJudged() {
        assertMistakes(
                """
                kinesis:
                  endpoint: asw
                  fips: true
                  dual-stack: true
                  credentials: {profile: archive}
                  assume-role: {role-arn: "arn:aws:iam::123456789012:role/r"}
                  sts-endpoint: "https://sts.example.com"
                  auto-create: {enabled: true}
                  tls: {ca: ca.pem}
                  proxy: {url: "http://proxy:3128"}
                targets:
                  a: {credentials: {source: static, access-key-id: AKIAIOSFODNN7EXAMPLE, secret-access-key: hush}}
                  b: {endpoint: aws, region: eu-west-1, credentials: {source: profle, profile: b, file: keys}}
                """,
                "f:2:13: kinesis.endpoint: \"asw\" is no endpoint; did you mean aws?",
                "f:12:3: targets.a.endpoint: is missing; " + TargetAddress.CHOICES,
                "f:13:63: targets.b.credentials.source: \"profle\" is not one of the choices; did you mean profile?");
    }

    @Test
    void theEnginesCertificateIsWholeOrGenerated() {
        assertMistakes(
                """
                engine: {tls: {certificate: a.pem, names: ["kinesis.test:4567"]}}
                """,
                "f:1:16: engine.tls.certificate: stands without key; write both, or neither for a generated"
                        + " certificate",
                "f:1:44: engine.tls.names: \"kinesis.test:4567\" is neither a host name nor an IP address; write one"
                        + " without a port");
        assertMistakes(
                "engine: {tls: {certificate: a.pem, key: b.pem, names: [kinesis.test]}}",
                "f:1:48: engine.tls.names: stands beside a certificate of your own; take it out, or the certificate");
    }

    @Test
    void whatOtherMachinesReachLetsNothingBeChangedWithoutAuthentication() {
        assertMistakes(
                "admin: {listen: \"0.0.0.0:9890\", allow-anonymous: true, allow-changes: true}",
                "f:1:56: admin.allow-changes: would let every machine that reaches \"0.0.0.0:9890\" change the agent,"
                        + " because this port asks for no authentication; name an auth.password-file or an"
                        + " auth.tokens-file, or listen on 127.0.0.1, or take it out");
        Loading.configuration("admin: {listen: \"0.0.0.0:9890\", allow-changes: true, auth: {tokens-file: /t}}");
    }

    @Test
    void aListenerForOtherMachinesNeedsAuthenticationOrTheWord() {
        assertMistakes(
                "log4j: {listen: [\"0.0.0.0:4560\"]}\nadmin: {listen: \"admin.example.com:9890\"}\n"
                        + "http: {listen: [\"[::]:9880\", \"[::1]:9881\", \"localhost:9882\", \"127.3.2.1:9883\"]}",
                "f:1:9: log4j.listen: \"0.0.0.0:4560\" lets other machines in without authentication; name a"
                        + " tls.client-ca, or listen on 127.0.0.1, or write allow-anonymous: true beside it if that is meant",
                "f:2:9: admin.listen: \"admin.example.com:9890\" lets other machines in without authentication; name an"
                        + " auth.password-file or an auth.tokens-file, or listen on 127.0.0.1, or write allow-anonymous: true beside it if that is meant",
                "f:3:8: http.listen: \"[::]:9880\" lets other machines in without authentication; name an"
                        + " auth.password-file or an auth.tokens-file, or a tls.client-ca, or listen on 127.0.0.1,"
                        + " or write allow-anonymous: true beside it if that is meant");
    }

    @Test
    void listenAddressesMustBeWhole() {
        assertMistakes(
                "mqtt:\n  listen:\n    - 1883\n    - 127.0.0.1\n    - ::1:1883\n    - 127.0.0.1:65536\n    - 300.1.1.1:1\n"
                        + "    - \"[::g]:1\"\n    - \"bad host:1\"\n    - \"::1\"\n    - []\n",
                "f:3:7: mqtt.listen: \"1883\" names no host; write 127.0.0.1:1883, or 0.0.0.0:1883 for every interface",
                "f:4:7: mqtt.listen: \"127.0.0.1\" is no listen address; " + LISTEN_REMEDY,
                "f:5:7: mqtt.listen: \"::1:1883\" is no listen address; write [ADDRESS]:PORT for IPv6",
                "f:6:7: mqtt.listen: \"127.0.0.1:65536\" has a port above 65535; choose one from 0 (any free one) to"
                        + " 65535",
                "f:7:7: mqtt.listen: \"300.1.1.1:1\" has no valid host; " + LISTEN_REMEDY,
                "f:8:7: mqtt.listen: \"[::g]:1\" has no valid host; " + LISTEN_REMEDY,
                "f:9:7: mqtt.listen: \"bad host:1\" has no valid host; " + LISTEN_REMEDY,
                "f:10:7: mqtt.listen: \"::1\" is no listen address; write [ADDRESS]:PORT for IPv6",
                "f:11:7: mqtt.listen: is a list; write one value, in quotes if it begins with [");
    }

    @Test
    void twoListenersCannotShareAnAddress() {
        assertMistakes(
                "http: {listen: [\"127.0.0.1:1883\"]}\nadmin: {listen: \"localhost:7000\"}\n"
                        + "engine: {listen: \"0.0.0.0:7000\", allow-anonymous: true}\n",
                "f:1:8: http.listen: \"127.0.0.1:1883\" is taken by mqtt.listen by default; give one of them another"
                        + " port",
                "f:2:9: admin.listen: \"localhost:7000\" is taken by engine.listen in line 3; give one of them another"
                        + " port");
    }

    @Test
    void aPortThatTheSystemChoosesAndAnEngineThatDoesNotRunClashWithNothing() {
        Loading.configuration("mqtt: {listen: [\"127.0.0.1:0\", \"127.0.0.1:0\"]}");
        Loading.configuration("kinesis: {endpoint: \"http://k:1\"}\nadmin: {listen: \"127.0.0.1:4567\"}");
    }

    @Test
    void anEmptyEndpointIsRefusedWithTheChoices() {
        for (String empty : List.of("", " ~", " \"\"", " ${UNSET:-}")) {
            List<Mistake> mistakes = mistakes("kinesis:\n  endpoint:" + empty + "\n");
            assertEquals(1, mistakes.size());
            assertEquals("kinesis.endpoint", mistakes.get(0).key());
            assertEquals(2, mistakes.get(0).line());
            assertEquals("names no target", mistakes.get(0).reason());
            assertEquals(
                    "write embedded (the stream engine inside this process), aws (Amazon's own), or a URL such as"
                            + " http://127.0.0.1:4567",
                    mistakes.get(0).remedy());
        }
    }

    @Test
    void endpointsMustBeAChoiceOrAUrl() {
        String choices = TargetAddress.CHOICES;
        assertMistakes(
                "kinesis: {endpoint: embeded}",
                "f:1:21: kinesis.endpoint: \"embeded\" is no endpoint; did you mean embedded?");
        assertMistakes(
                "kinesis: {endpoint: \"ftp://h\"}",
                "f:1:21: kinesis.endpoint: the scheme of \"ftp://h\" is neither http nor https; " + choices);
        assertMistakes(
                "kinesis: {endpoint: \"http://h:99999\"}",
                "f:1:21: kinesis.endpoint: \"http://h:99999\" has no valid host and port; " + choices);
        assertMistakes(
                "kinesis: {endpoint: \"http://me:secret@h\"}",
                "f:1:21: kinesis.endpoint: the URL holds a user or password; take them out of the URL");
        assertMistakes(
                "kinesis: {endpoint: \"http://h/?a=b\"}",
                "f:1:21: kinesis.endpoint: \"http://h/?a=b\" has a query or a fragment; leave out what follows ? and #");
        assertMistakes(
                "kinesis: {endpoint: aws}",
                "f:1:11: kinesis.endpoint: \"aws\" needs a region, and neither region nor AWS_REGION is set; write"
                        + " region: beside it, such as eu-west-1");
        assertMistakes(
                "kinesis: {endpoint: aws, region: Frankfurt}",
                "f:1:34: kinesis.region: \"Frankfurt\" is no region; write one such as eu-west-1");
    }

    @Test
    void numbersSizesDurationsAndFlagsHaveBounds() {
        assertMistakes(
                """
                shutdown-timeout: 2h
                memory: {budget: 90%}
                spool: {max-bytes: 1000, reserve: 9999999999TiB}
                engine: {max-streams: 0, default-shards: many, retention: 1h, auto-create: yes}
                """,
                "f:1:19: shutdown-timeout: \"2h\" is out of bounds; write 0ms to 1h",
                "f:2:18: memory.budget: \"90%\" is not from 10% to 80%; write 10% to 80% of the heap, such as 60%",
                "f:3:20: spool.max-bytes: \"1000\" is too small; write at least 1MiB",
                "f:3:35: spool.reserve: \"9999999999TiB\" is too large; write less than 8388608TiB",
                "f:4:23: engine.max-streams: 0 is out of bounds; write a number from 1 to 100000",
                "f:4:42: engine.default-shards: \"many\" is no whole number; write one from 1 to 10000",
                "f:4:59: engine.retention: \"1h\" is out of bounds; write 24h to 8760h",
                "f:4:76: engine.auto-create: \"yes\" is neither true nor false; write true or false");
    }

    @Test
    void valuesOfTheWrongShapeAreRefused() {
        assertMistakes(
                "mqtt: 1883\nhttp:\n  - a\nroutes: {a: b}\ndata: [a]\nspool: {reserve: {a: b}}\nadmin:\n  listen:\n",
                "f:1:7: mqtt: is no section; write keys below it, indented",
                "f:3:3: http: is no section; write keys below it, indented",
                "f:4:9: routes: is no list; begin each element with - below it",
                "f:5:7: data: is a list; write one value, in quotes if it begins with [",
                "f:6:18: spool.reserve: is a section; put it in quotes, because YAML takes what begins with { for a section",
                "f:8:3: admin.listen: has no value; write one, or take the key out");
    }

    @Test
    void routesAreCheckedInEveryPart() {
        assertMistakes(
                """
                routes:
                  - {}
                  - {match: "sensors/#", stream: a b}
                  - {match: "mqtt:a/#/b", stream: s}
                  - {match: "mqtt:a+", stream: s}
                  - {match: "forward:a**", stream: s}
                  - {match: "forward:{a", stream: s}
                  - {match: "http:a/b", stream: s}
                  - {match: "http:a", stream: s, partition-key: "{clientid}", format: xml}
                  - {match: "mqtt:#", stream: s, partition-key: "{topic(0)}"}
                  - {match: "mqtt:#", stream: s, partition-key: "{$.a..b}"}
                  - {match: "mqtt:#", stream: s, partition-key: "{topic"}
                  - {match: "mqtt:#", stream: s, fields: {time: same, id: same, colour: red}}
                  - text
                """,
                "f:2:5: routes[0].match: is missing; " + RoutePattern.FORMS,
                "f:2:5: routes[0].stream: is missing; name the stream that it leads to",
                "f:3:13: routes[1].match: \"sensors/#\" names no source; " + RoutePattern.FORMS,
                "f:3:34: routes[1].stream: \"a b\" is no stream name; write 1 to 128 letters, digits, underscores, dots"
                        + " and hyphens",
                "f:4:13: routes[2].match: \"a/#/b\" has a # that is not the last level; # stands alone at the end: a/b/#",
                "f:5:13: routes[3].match: \"a+\" has a + beside other characters; + stands for a whole level: a/+/b",
                "f:6:13: routes[4].match: \"a**\" has a ** beside other characters; ** stands alone: app.**",
                "f:7:13: routes[5].match: \"{a\" has braces that do not match, or stands for more than 64 alternatives;"
                        + " write {a,b}, or several routes",
                "f:8:13: routes[6].match: \"a/b\" is no stream name; write 1 to 128 letters, digits, underscores, dots"
                        + " and hyphens",
                "f:9:49: routes[7].partition-key: {clientid} is unknown to events from http; those of http are"
                        + " {stream}, {user}, {$.name}",
                "f:9:71: routes[7].format: \"xml\" is no format; write json or raw",
                "f:10:49: routes[8].partition-key: {topic(0)} is no placeholder; those of mqtt are {clientid}, {topic},"
                        + " {topic(1)}, {user}, {$.name}",
                "f:11:49: routes[9].partition-key: {$.a..b} leads to no JSON field; write names between dots, such as"
                        + " {$.device.id}",
                "f:12:49: routes[10].partition-key: \"{topic\" is not closed; write a } at its end",
                "f:13:55: routes[11].fields.id: \"same\" is the name of time as well; give each a name of its own, or"
                        + " write false",
                "f:13:65: routes[11].fields.colour: is no key of routes[11].fields; the keys are binary, chomp-record,"
                        + " id, like, log-key, tag, time, time-format",
                "f:14:5: routes[12]: is no section; write KEY: VALUE after the -");
    }

    @Test
    void hostsAndOriginsMustBeNamesAndOrigins() {
        assertMistakes(
                "http: {hosts: [\"a:80\"], origins: [app.example.com, \"https://a/b\", \"http://:x\"]}",
                "f:1:16: http.hosts: \"a:80\" is no host name; write a name without port, such as agent.example.com",
                "f:1:35: http.origins: \"app.example.com\" is no origin; write SCHEME://HOST[:PORT], such as"
                        + " https://app.example.com",
                "f:1:52: http.origins: \"https://a/b\" is no origin; write SCHEME://HOST[:PORT], such as"
                        + " https://app.example.com",
                "f:1:67: http.origins: \"http://:x\" is no origin; write SCHEME://HOST[:PORT], such as"
                        + " https://app.example.com");
    }

    @Test
    void brokenYamlIsToldWithItsPlace() {
        assertMistakes(
                "mqtt: {listen: [\n",
                "f:2:1: no valid YAML: expected the node content, but found '<stream end>'; mend the YAML there:"
                        + " indentation by blanks, quotes closed, one document");
        assertMistakes(
                "a: 1\n\tb: 2\n",
                "f:2:1: no valid YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for"
                        + " indentation); mend the YAML there: indentation by blanks, quotes closed, one document");
        assertMistakes(
                "a: \u0007\n", "f:1:4: no valid YAML: the character U+0007 may not stand in a file; take it out");
        assertMistakes("- a\n", "f:1:1: the file holds no keys; write KEY: VALUE, such as data: /var/lib/penstock");
        assertMistakes("? [a]\n: b\n", "f:1:3: a key is a list or a section itself; write KEY: VALUE");
    }

    @Test
    void aFileThatIsNotUtf8IsToldWithItsPlace() {
        byte[] latin = "a: b\nc: \u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        ConfigurationResult.Invalid invalid = assertInstanceOf(
                ConfigurationResult.Invalid.class, Loading.loader(Map.of()).parse(latin));
        assertEquals(
                List.of(new Mistake(2, 4, "", "the file is no valid UTF-8", "save it as UTF-8")), invalid.mistakes());
    }

    @Test
    void aVariableThatIsNotSetIsNamed() {
        assertMistakes(
                "data: ${DATA_DIR}/x\nmqtt: {ack: \"${a b}\"}\nspool: {when-full: \"${OPEN\"}\n",
                "f:1:7: data: the environment variable DATA_DIR is not set; set it, or give a default: ${DATA_DIR:-...}",
                "f:2:13: mqtt.ack: \"${a b}\" names no environment variable; write ${NAME}, ${NAME:-default}, or $${ for"
                        + " the characters themselves",
                "f:3:20: spool.when-full: \"${OPEN\" is not closed; write ${NAME}, ${NAME:-default}, or $${ for the"
                        + " characters themselves");
    }

    @Test
    void whatAFileHoldsCannotSpoilTheTerminal() {
        Mistake mistake =
                mistakes("mqtt: {ack: \"\\e[2J\\n" + "x".repeat(5000) + "\"}").get(0);
        assertEquals("\"?[2J?" + "x".repeat(Mistakes.LONGEST_REASON - 6) + "...", mistake.reason());
    }

    @Test
    void noMoreThanAHundredAreTold() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            yaml.append("wrong").append(i).append(": x\n");
        }
        assertEquals(Mistakes.MOST, mistakes(yaml.toString()).size());
    }

    @Test
    void aFileThatCannotBeReadIsOneMistake(@TempDir Path folder) throws Exception {
        ConfigurationLoader loader = Loading.loader(Map.of());
        assertEquals(
                "x: there is no such file; name an existing one with --config",
                only(loader.load(folder.resolve("missing.yaml"))).describe("x"));
        assertEquals(
                "x: this is a folder; name a YAML file with --config",
                only(loader.load(folder)).describe("x"));

        Path huge = folder.resolve("huge.yaml");
        Files.write(huge, new byte[YamlDocument.MAX_BYTES + 1]);
        assertEquals(
                "x: the file has more than 1048576 bytes; name a configuration file",
                only(loader.load(huge)).describe("x"));
    }

    private static Mistake only(ConfigurationResult result) {
        List<Mistake> mistakes =
                assertInstanceOf(ConfigurationResult.Invalid.class, result).mistakes();
        assertEquals(1, mistakes.size());
        return mistakes.get(0);
    }

    @Test
    void theKinesisApiNeedsToKnowWhoCallsOrToBeToldThatItNeedNot() {
        assertMistakes(
                "kinesis-api: {listen: \"0.0.0.0:1\"}",
                "f:1:15: kinesis-api.listen: \"0.0.0.0:1\" lets other machines in without authentication; write auth:"
                        + " sigv4 with a credentials-file, or listen on 127.0.0.1, or write allow-anonymous: true beside"
                        + " it if that is meant");
        assertMistakes(
                "kinesis-api: {listen: \"127.0.0.1:1\", auth: sigv4}",
                "f:1:38: kinesis-api.auth: sigv4 stands without credentials-file; name the file with the clients'"
                        + " keys");
        assertMistakes(
                "kinesis-api: {listen: \"127.0.0.1:1\", credentials-file: /keys}",
                "f:1:38: kinesis-api.credentials-file: stands beside auth: none; write auth: sigv4, or take it out");
    }

    @Test
    void theEngineNeedsTheKeysOfThoseWhoseCallsItTakes() {
        assertMistakes(
                "engine: {auth: sigv4}",
                "f:1:10: engine.auth: sigv4 stands without credentials-file; name the file with the clients' keys");
        assertMistakes(
                "engine: {credentials-file: /keys}",
                "f:1:10: engine.credentials-file: stands beside auth: none; write auth: sigv4, or take it out");
        assertMistakes(
                "engine: {listen: \"0.0.0.0:1\"}",
                "f:1:10: engine.listen: \"0.0.0.0:1\" lets other machines in without authentication; write auth: sigv4"
                        + " with a credentials-file, or listen on 127.0.0.1, or write allow-anonymous: true beside it if"
                        + " that is meant");
        Loading.configuration("engine: {listen: \"0.0.0.0:1\", auth: sigv4, credentials-file: /keys}");
    }
}
