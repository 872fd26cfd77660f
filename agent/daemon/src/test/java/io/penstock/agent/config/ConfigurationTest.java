package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.penstock.agent.admin.AdminAuthSettings;
import io.penstock.agent.admin.AdminSettings;
import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.forward.ForwardAddress;
import io.penstock.agent.forward.ForwardLogin;
import io.penstock.agent.forward.ForwardSourceSettings;
import io.penstock.agent.forward.SocketSettings;
import io.penstock.agent.http.CorsSettings;
import io.penstock.agent.http.HttpAddress;
import io.penstock.agent.http.HttpSettings;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.kinesisapi.ApiAuth;
import io.penstock.agent.kinesisapi.KinesisApiSettings;
import io.penstock.agent.kinesisapi.PassThrough;
import io.penstock.agent.log4j.Log4jSettings;
import io.penstock.agent.record.Compression;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.StreamTemplate;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Secret;
import io.penstock.base.tls.TlsSettings;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.Prices;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import io.penstock.delivery.spool.SpoolLimits;
import io.penstock.delivery.spool.WhenFull;
import io.penstock.engine.Durability;
import io.penstock.engine.Tls;
import io.penstock.forward.server.OtherSignals;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @Test
    void aRelativePathGoesByTheFolderOfTheFileThatItStandsIn(@TempDir Path folder) throws IOException {
        Path file = Files.createDirectory(folder.resolve("etc")).resolve("penstock.yaml");
        Files.writeString(file, """
                data: ../var
                mqtt: {tls: {certificate: tls/server.pem, key: /k/server.key}, auth: {password-file: ~/passwords}}
                engine: {tls: {certificate: tls/engine.pem, key: ~/engine.key}}
                kinesis:
                  endpoint: "http://a"
                  tls: {ca: ca.pem}
                  credentials: {source: profile, file: keys}
                """);
        Configuration all = assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        Loading.loader(Map.of()).load(file))
                .configuration();
        assertEquals(folder.resolve("var"), all.data());
        TlsSettings tls = all.mqtt().tls().orElseThrow();
        assertEquals(folder.resolve("etc/tls/server.pem"), tls.certificate());
        assertEquals(Path.of("/k/server.key"), tls.key());
        assertEquals(
                Loading.HOME.resolve("passwords"),
                all.mqtt().auth().passwordFile().orElseThrow());
        assertEquals(
                new Tls.Files(folder.resolve("etc/tls/engine.pem"), Loading.HOME.resolve("engine.key")),
                all.engine().tls().tls());
        assertEquals(
                folder.resolve("etc/ca.pem"),
                all.kinesis().network().authorities().orElseThrow());
        assertEquals(
                new Credentials.Profile("default", Optional.of(folder.resolve("etc/keys"))),
                all.kinesis().credentials());
        assertEquals(all, configuration(EffectiveConfiguration.render(all)), "printed, it means the same anywhere");
    }

    @Test
    void aRelativePathOfATextGoesByTheWorkingDirectory() {
        assertEquals(Loading.FOLDER.resolve("var"), configuration("data: var").data());
    }

    @Test
    void theDefaultsAreThoseOfTheDocuments() {
        Configuration all = configuration("");

        assertEquals(Path.of("/home/ada/.penstock"), all.data());
        assertEquals(Duration.ofSeconds(20), all.shutdownTimeout());
        assertEquals(HttpSettings.open(local(9880), AckMode.DURABLE, WebAccess.NONE), all.http());
        assertEquals(KinesisApiSettings.open(List.of(), AckMode.DURABLE), all.kinesisApi());
        assertEquals(List.of(), all.routes());
        assertEquals(
                new TargetSettings(
                        new TargetAddress.Embedded(),
                        "us-east-1",
                        new TargetSettings.Sending(
                                TargetSettings.HttpVersion.HTTP_1_1,
                                TargetSettings.Api.PUT_RECORDS,
                                TargetSettings.Ordering.PER_KEY,
                                Duration.ofMillis(20),
                                0),
                        Network.DIRECT,
                        new TargetSettings.Access(Optional.empty(), Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        new TargetSettings.Bounds(
                                TargetSettings.MAX_CALL_BYTES, TargetSettings.UNLIMITED, Duration.ofSeconds(30))),
                all.kinesis());
        assertEquals(Map.of(), all.targets());
        assertEquals(new SpoolLimits(4_294_967_296L, OptionalLong.empty(), WhenFull.BLOCK), all.spool());
        assertEquals(
                new EngineConfiguration(
                        new ListenAddress("127.0.0.1", 4567),
                        new EngineConfiguration.Streams(true, 1000, 4, Duration.ofHours(24)),
                        "000000000000",
                        Durability.FSYNC,
                        false,
                        new EngineConfiguration.Certificate(List.of(), Optional.empty(), Optional.empty()),
                        new EngineConfiguration.Callers(ApiAuth.NONE, Optional.empty(), false),
                        WebAccess.NONE),
                all.engine());
        assertEquals(AdminSettings.open(new ListenAddress("127.0.0.1", 9890)), all.admin());
        assertEquals(new MemorySettings(60), all.memory());
    }

    @Test
    void everyKeyCanBeSetToSomethingElse() {
        Configuration all = configuration("""
                data: /srv/penstock
                shutdown-timeout: 3s
                memory: {budget: 25%}
                http:
                  listen: ["10.0.0.1:1003"]
                  fluentd: false
                  hosts: [agent.example.com]
                  origins: ["https://app.example.com"]
                  allow-anonymous: true
                routes:
                  - match: "mqtt:a/+/b"
                    stream: one
                    target: default
                    partition-key: "x-{topic(2)}-{$.device.id}"
                    format: raw
                    fields: {time: when, id: false, tag: label}
                    aggregate: true
                    priority: urgent
                    compress: zstd
                  - {match: "http:posted", stream: two, target: archive}
                kinesis:
                  endpoint: https://kinesis.example.com:8443
                  region: eu-central-1
                  http-version: 2
                  api: put-record
                  ordering: none
                  linger: 5ms
                  max-rate: 256KiB
                targets:
                  archive:
                    endpoint: aws
                    region: eu-west-1
                    http-version: 2
                    api: put-record
                    ordering: none
                    linger: 6ms
                    prices: {shard-hour: 0.015, million-put-units: 0.014, on-demand-stream-hour: 0.04, on-demand-gigabyte: 0.08}
                    auto-create: {enabled: true, shards: 9, retention: 7d, tags: {team: a b, stage: 1}}
                    max-rate: 2MiB
                    fips: true
                    dual-stack: true
                    connections: 7
                    tls: {ca: /etc/ca.pem}
                    proxy: {url: "http://proxy:3128", user: u, password: p, no-proxy: ["*.local", 10.0.0.1]}
                    credentials: {source: profile, profile: a, file: /etc/keys}
                    sts-endpoint: "https://sts.example.com"
                    assume-role:
                      role-arn: "arn:aws:iam::123456789012:role/x/y"
                      external-id: e
                      session-name: me
                      duration: 15m
                spool:
                  max-bytes: 2MiB
                  reserve: 3KiB
                  when-full: drop-oldest
                engine:
                  account: "111122223333"
                  listen: "192.168.0.1:1004"
                  auto-create: false
                  max-streams: 5
                  default-shards: 6
                  retention: 7d
                  durability: os
                  enforce-limits: true
                  tls: {certificate: /etc/a.pem, key: /etc/b.pem}
                  hosts: [engine.example.com]
                  origins: ["http://engine.example.com:8080"]
                  auth: sigv4
                  credentials-file: /etc/engine.credentials
                  allow-anonymous: true
                admin:
                  listen: "192.168.0.2:1005"
                  hosts: [admin.example.com]
                  origins: ["http://admin.example.com"]
                  auth: {password-file: /etc/operators}
                  allow-anonymous: true
                  allow-changes: true
                """);

        assertEquals(Path.of("/srv/penstock"), all.data());
        assertEquals(new MemorySettings(25), all.memory());
        assertEquals(Duration.ofSeconds(3), all.shutdownTimeout());
        assertEquals(
                new HttpSettings(
                        List.of(new HttpAddress(
                                Optional.of(HttpAddress.Scheme.HTTP), new ListenAddress("10.0.0.1", 1003))),
                        AckMode.DURABLE,
                        false,
                        true,
                        web("agent.example.com", "https://app.example.com"),
                        CorsSettings.NONE,
                        true,
                        Optional.empty(),
                        AuthSettings.NONE,
                        LimitSettings.NONE),
                all.http());
        assertEquals(
                List.of(
                        new Route(
                                right(RoutePattern.parse("mqtt:a/+/b")),
                                StreamTemplate.of("one"),
                                List.of(),
                                "default",
                                Optional.of(right(KeyTemplate.parse("x-{topic(2)}-{$.device.id}", Source.MQTT))),
                                RecordFormat.RAW,
                                new FieldNames(Optional.of("when"), Optional.empty(), Optional.of("label")),
                                Map.of(),
                                PayloadForm.TEXT,
                                true,
                                Compression.ZSTD,
                                Priority.URGENT),
                        new Route(
                                right(RoutePattern.parse("http:posted")),
                                "two",
                                "archive",
                                KeyTemplate.RANDOM,
                                RecordFormat.JSON,
                                FieldNames.DEFAULT)),
                all.routes());
        assertEquals(
                new TargetSettings(
                        new TargetAddress.Url(URI.create("https://kinesis.example.com:8443")),
                        "eu-central-1",
                        new TargetSettings.Sending(
                                TargetSettings.HttpVersion.HTTP_2,
                                TargetSettings.Api.PUT_RECORD,
                                TargetSettings.Ordering.NONE,
                                Duration.ofMillis(5),
                                256 << 10),
                        Network.DIRECT,
                        new TargetSettings.Access(Optional.of(new Credentials.None()), Optional.empty()),
                        Optional.of(new AutoCreate(false, 4)),
                        Optional.empty(),
                        new TargetSettings.Bounds(
                                TargetSettings.MAX_CALL_BYTES, TargetSettings.UNLIMITED, Duration.ofSeconds(30))),
                all.kinesis());
        assertEquals(
                Map.of(
                        "archive",
                        new TargetSettings(
                                new TargetAddress.Aws(),
                                "eu-west-1",
                                new TargetSettings.Sending(
                                        TargetSettings.HttpVersion.HTTP_2,
                                        TargetSettings.Api.PUT_RECORD,
                                        TargetSettings.Ordering.NONE,
                                        Duration.ofMillis(6),
                                        2 << 20),
                                new Network(
                                        true,
                                        true,
                                        7,
                                        Optional.of(URI.create("https://sts.example.com")),
                                        Optional.of(Path.of("/etc/ca.pem")),
                                        Optional.of(new Network.Proxy(
                                                URI.create("http://proxy:3128"),
                                                Optional.of(new Network.Login("u", new Secret("p"))),
                                                List.of("*.local", "10.0.0.1")))),
                                new TargetSettings.Access(
                                        Optional.of(new Credentials.Profile("a", Optional.of(Path.of("/etc/keys")))),
                                        Optional.of(new Credentials.Role(
                                                "arn:aws:iam::123456789012:role/x/y",
                                                Optional.of("e"),
                                                "me",
                                                Duration.ofMinutes(15)))),
                                Optional.of(new AutoCreate(
                                        true, false, 9, Duration.ofDays(7), Map.of("team", "a b", "stage", "1"))),
                                Optional.of(new Prices(
                                        Optional.of(new Prices.Provisioned(0.015, 0.014)),
                                        Optional.of(new Prices.OnDemand(0.04, 0.08)))),
                                new TargetSettings.Bounds(TargetSettings.MAX_CALL_BYTES, 1, Duration.ofSeconds(30)))),
                all.targets());
        assertEquals(new SpoolLimits(2_097_152, OptionalLong.of(3072), WhenFull.DROP_OLDEST), all.spool());
        assertEquals(
                new EngineConfiguration(
                        new ListenAddress("192.168.0.1", 1004),
                        new EngineConfiguration.Streams(false, 5, 6, Duration.ofDays(7)),
                        "111122223333",
                        Durability.OS,
                        true,
                        new EngineConfiguration.Certificate(
                                List.of(), Optional.of(Path.of("/etc/a.pem")), Optional.of(Path.of("/etc/b.pem"))),
                        new EngineConfiguration.Callers(
                                ApiAuth.SIGV4, Optional.of(Path.of("/etc/engine.credentials")), true),
                        web("engine.example.com", "http://engine.example.com:8080")),
                all.engine());
        assertEquals(
                new AdminSettings(
                        new ListenAddress("192.168.0.2", 1005),
                        web("admin.example.com", "http://admin.example.com"),
                        new AdminAuthSettings(Optional.of(Path.of("/etc/operators")), Optional.empty()),
                        true,
                        true),
                all.admin());
    }

    @Test
    void sourcesOfLaterVersionsGetTheirDefaultsOnceTheyAreHere() {
        ConfigurationLoader later = new ConfigurationLoader(
                new Environment(Map.of(), Optional.of(Loading.HOME), Loading.FOLDER, Optional.empty()),
                new NotInThisVersion(List.of()));
        Configuration defaults = ((ConfigurationResult.Loaded) later.defaults()).configuration();
        assertEquals(
                ForwardSourceSettings.open(List.of(ForwardAddress.tcp("127.0.0.1", 24_224)), AckMode.DURABLE),
                defaults.forward());
        assertEquals(Log4jSettings.open(local(4560), AckMode.DURABLE), defaults.log4j());

        Configuration set = ((ConfigurationResult.Loaded) later.parse("""
                        mqtt: {ack: memory}
                        forward: {listen: "0.0.0.0:1", ack: memory, allow-anonymous: true}
                        log4j: {listen: [], ack: delivered, allow-anonymous: true}
                        kinesis-api: {listen: "127.0.0.1:2", ack: memory, hosts: [k.example.com], allow-anonymous: true}
                        """)).configuration();
        assertEquals(AckMode.MEMORY, set.mqtt().ack());
        assertEquals(
                new ForwardSourceSettings(
                        List.of(ForwardAddress.tcp("0.0.0.0", 1)),
                        SocketSettings.DEFAULT,
                        AckMode.MEMORY,
                        true,
                        0,
                        OtherSignals.REFUSE,
                        Optional.empty(),
                        new ForwardLogin(Optional.empty(), List.of(), List.of())),
                set.forward());
        assertEquals(new Log4jSettings(List.of(), AckMode.DELIVERED, true, Optional.empty()), set.log4j());
        assertEquals(
                new KinesisApiSettings(
                        local(2),
                        AckMode.MEMORY,
                        PassThrough.READ_ONLY,
                        Optional.empty(),
                        ApiAuth.NONE,
                        Optional.empty(),
                        new WebAccess(List.of("k.example.com"), List.of()),
                        true),
                set.kinesisApi());
    }

    @Test
    void theEngineRunsForTheFirstTargetThatIsEmbedded() {
        assertEquals("us-east-1", configuration("").embedded().orElseThrow().region());
        assertEquals("eu-west-2", configuration("""
                        kinesis: {endpoint: "https://k.example.com"}
                        targets:
                          far: {endpoint: "http://10.1.1.1:4567"}
                          near: {endpoint: embedded, region: eu-west-2}
                        """).embedded().orElseThrow().region());
        assertEquals(
                Optional.empty(),
                configuration("kinesis: {endpoint: \"https://k.example.com\"}").embedded());
    }

    @Test
    void anotherDataFolderReplacesTheConfiguredOneAndNothingElse() {
        ConfigurationResult named =
                Loading.loader(Map.of()).withData(Path.of("/b/x/../c")).parse("{data: /a, shutdown-timeout: 1s}");
        assertEquals(
                configuration("{data: /b/c, shutdown-timeout: 1s}"),
                assertInstanceOf(ConfigurationResult.Loaded.class, named).configuration());
    }

    @Test
    void aTildeInTheDataFolderIsTheHome() {
        assertEquals(Path.of("/home/ada/spool"), configuration("data: ~/spool").data());
        assertEquals(Path.of("/home/ada"), configuration("data: \"~\"").data());
    }

    @Test
    void anEmptySectionIsOneOfDefaults() {
        assertEquals(configuration(""), configuration("mqtt:\nhttp: {}\nroutes:\ntargets: {}\nspool: ~\n"));
        assertEquals(configuration(""), configuration("# nothing but a comment\n"));
    }

    @Test
    void whatIsNotThereCanBeSwitchedOff() {
        Configuration off = configuration("""
                mqtt: {listen: [], bridges: []}
                forward: {listen: []}
                log4j: {listen: []}
                kinesis-api: {listen: []}
                engine: {auth: none}
                """);
        assertEquals(List.of(), off.mqtt().listen());
        assertEquals(List.of(), off.forward().listen());
        assertEquals(List.of(), off.log4j().listen());
    }

    @Test
    void theEnginesCertificateIsForFurtherNamesAndAddresses() {
        assertEquals(
                new Tls.Generated(List.of("*.kinesis.test", "10.0.0.1", "fe80::1")),
                configuration("engine: {tls: {names: [\"*.kinesis.test\", 10.0.0.1, \"fe80::1\"]}}")
                        .engine()
                        .tls()
                        .tls());
    }

    @Test
    void theRegionIsConfiguredOrTheEnvironmentsOrNamedByTheEndpoint() {
        var variables = Map.of("AWS_REGION", "eu-west-3");
        assertEquals(
                "sa-east-1",
                configuration("kinesis: {region: sa-east-1}", variables)
                        .kinesis()
                        .region());
        assertEquals("eu-west-3", configuration("", variables).kinesis().region());
        assertEquals(
                "eu-west-3",
                configuration("kinesis: {endpoint: aws}", variables).kinesis().region());
        assertEquals(
                "us-east-1",
                configuration("kinesis: {endpoint: \"http://localhost:4567\"}")
                        .kinesis()
                        .region());
        assertEquals(
                "ap-south-1",
                configuration("kinesis: {endpoint: \"https://kinesis.ap-south-1.amazonaws.com\"}")
                        .kinesis()
                        .region());
    }

    private static WebAccess web(String host, String origin) {
        return new WebAccess(List.of(host), List.of(origin));
    }

    private static List<ListenAddress> local(int port) {
        return List.of(new ListenAddress("127.0.0.1", port));
    }

    private static <T> T right(Parsed<T> parsed) {
        return ((Parsed.Right<T>) parsed).value();
    }
}
