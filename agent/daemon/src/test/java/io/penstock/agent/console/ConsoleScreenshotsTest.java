package io.penstock.agent.console;

import io.penstock.agent.live.Browser;
import io.penstock.engine.stream.Reshard;
import io.penstock.engine.stream.Resharding;
import io.penstock.engine.stream.StreamNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pictures of the console, in {@code target/screenshots}, to be looked at after a change of it. */
@DisplayName("Pictures of the console")
@Tag("screenshots")
class ConsoleScreenshotsTest {
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=REPORTS/20261130/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0";
    private static final int HIGHEST = 5_000;

    private static Browser browser;
    private final Random random = new Random(21);

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void end() {
        browser.close();
    }

    @AfterEach
    void quiet() {
        browser.open("about:blank");
        browser.assertQuiet();
        browser.scheme("light");
    }

    @Test
    void anOrdinaryDay() throws IOException {
        try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMinutes(30))) {
            String[] others = {"web-access", "app-logs", "audit", "clickstream", "device-events"};
            console.engine.createStream("factory-sensors", 4);
            for (String name : others) {
                console.engine.createStream(name, 2);
            }
            console.engine.createStream("invoices", 1, "eu-west-1");
            String arn = console.call("DescribeStreamSummary", "{'StreamName':'factory-sensors'}")
                    .at("/StreamDescriptionSummary/StreamARN")
                    .asText();
            console.call("RegisterStreamConsumer", "{'StreamARN':'" + arn + "','ConsumerName':'warehouse'}");
            console.pass(Duration.ofMinutes(8));
            split(console, "factory-sensors", "shardId-1");
            console.pass(Duration.ofMinutes(5));
            split(console, "factory-sensors", "shardId-5");
            console.pass(Duration.ofMinutes(6));
            merge(console, "factory-sensors", "shardId-2", "shardId-3");
            console.pass(Duration.ofMinutes(4));
            for (int i = 0; i < 120; i++) {
                double wave = 1 + 0.3 * Math.sin(i / 15.0) + 0.1 * random.nextGaussian();
                for (int key = 0; key < 8; key++) {
                    console.put("factory-sensors", "press-" + key, reading(key), (int)
                            Math.max(1, 90 * wave / (1 + key % 3)));
                }
                for (String name : others) {
                    console.put(name, "k" + random.nextInt(50), "{\"status\":200}", 20 + random.nextInt(60));
                }
                for (int shard : new int[] {0, 4, 6, 7, 8}) {
                    console.read(
                            "factory-sensors",
                            shard,
                            160,
                            "user-agent",
                            "aws-sdk-java/2.51.0 md/reports",
                            "authorization",
                            SIGNED);
                    console.read(
                            "factory-sensors", shard, 40, "user-agent", "amazon-kinesis-client-library-java/3.5.1");
                }
                console.read("web-access", 0, 10_000, "user-agent", "Boto3/1.42");
                console.pass(TICK);
            }
            console.put(
                    "factory-sensors",
                    "press-3",
                    Aggregates.of("press-3", reading(3), "press-4", reading(4), "press-9", "out of range"),
                    1);
            console.put("factory-sensors", "press-5", gzip(reading(5)), 1);
            console.put(
                    "factory-sensors",
                    "camera-1",
                    new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 74, 70, 73, 70},
                    1);
            console.put("factory-sensors", "press-6", "temperature too high at gate 4", 1);
            console.put("factory-sensors", "press-7", reading(7), 1);
            shots(console, "console", "factory-sensors");
            browser.scheme("light");
            browser.size(1320, 900);
            browser.open(console.url("/console#stream=" + console.id("factory-sensors")));
            Awaitility.await().until(() -> browser.text("#one tbody").length() > 0);
            browser.find("[aria-label='Split shard 4']").click();
            Awaitility.await().until(() -> browser.text("#dialog").contains("After"));
            browser.screenshot("console-split", 1320, 900);
            browser.open("about:blank");
        }
    }

    @Test
    void aThousandStreamsAndOneOfFiveHundredShards() throws IOException {
        try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMinutes(30))) {
            for (int i = 0; i < 900; i++) {
                console.engine.createStream("tenant-" + (1000 + i) + "-events", 1);
            }
            console.engine.createStream("wide", 250);
            console.pass(Duration.ofMinutes(3));
            Resharding resharding = console.engine.view().resharding();
            var stream =
                    console.engine.view().streams().findById(console.id("wide")).orElseThrow();
            Reshard.Plan plan = resharding.uniform(stream, 500);
            resharding.apply(stream, plan);
            console.pass(Duration.ofMinutes(3));
            for (int i = 0; i < 30; i++) {
                for (int key = 0; key < 60; key++) {
                    console.put("wide", "key-" + random.nextInt(4_000), "{\"n\":" + key + "}", 1 + random.nextInt(20));
                }
                console.put("tenant-1004-events", "k", "x", 50);
                console.pass(TICK);
            }
            shots(console, "console-many", "wide");
        }
    }

    private void shots(ConsoleUnderTest console, String name, String stream) throws IOException {
        for (String scheme : new String[] {"light", "dark"}) {
            for (int width : new int[] {1320, 390}) {
                String suffix = (scheme.equals("dark") ? "-dark" : "") + (width == 390 ? "-phone" : "");
                browser.scheme(scheme);
                browser.size(width, 900);
                browser.open("about:blank");
                browser.open(console.url("/console"));
                Awaitility.await().until(() -> !browser.text("#streams tbody").isEmpty());
                browser.screenshot(name + "-list" + suffix, width, HIGHEST);
                browser.open("about:blank");
                browser.open(console.url("/console#stream=" + console.id(stream)));
                Awaitility.await().until(() -> browser.text("#one tbody").length() > 0);
                browser.find("#tail-start").click();
                Awaitility.await()
                        .until(() -> browser.text(".records").contains(stream.equals("wide") ? "key" : "aggregated"));
                browser.screenshot(name + suffix, width, HIGHEST);
                browser.screenshot(name + suffix + "-top", width, 1_130);
                browser.find("#tail-start").click();
            }
        }
        browser.open("about:blank");
    }

    private String reading(int key) {
        return "{\"@timestamp\":\"2026-11-30T21:14:0" + key + ".118Z\",\"topic\":\"press/" + key
                + "/temperature\",\"payload\":{\"celsius\":" + (61.5 + key) + ",\"alarm\":false}}";
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static void split(ConsoleUnderTest console, String stream, String shard) throws IOException {
        Resharding resharding = console.engine.view().resharding();
        var of = console.engine.view().streams().findById(console.id(stream)).orElseThrow();
        var parent = StreamNames.findShard(of.meta(), shard);
        resharding.apply(
                of,
                resharding.split(
                        of, shard, parent.first().middleTo(parent.last()).toString()));
    }

    private static void merge(ConsoleUnderTest console, String stream, String shard, String next) throws IOException {
        Resharding resharding = console.engine.view().resharding();
        var of = console.engine.view().streams().findById(console.id(stream)).orElseThrow();
        resharding.apply(of, resharding.merge(of, shard, next));
    }
}
