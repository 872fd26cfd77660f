package io.penstock.agent.live;

import io.penstock.agent.admin.AgentState;
import io.penstock.agent.admin.AgentState.StreamState;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.live.Occurrence.Kind;
import io.penstock.agent.live.Occurrence.Level;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Place;
import io.penstock.delivery.sender.status.StreamUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes {@code target/screenshots}, for people to judge; what must hold of the page is in {@link LivePageTest}. */
@Tag("screenshots")
@DisplayName("Screenshots of the live page")
class ScreenshotsTest {
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final int POINTS = 358;
    private static final int HIGHEST = 4000;

    private static Browser browser;

    private final Random random = new Random(7);

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void end() {
        browser.close();
    }

    @AfterEach
    void nothingIsInTheConsole() {
        browser.assertQuiet();
        browser.scheme("light");
        browser.open("about:blank");
    }

    @Test
    void anOrdinaryDay() throws IOException {
        Scene scene = ordinary();
        try (PageUnderTest page = new PageUnderTest(scene, STEP.multipliedBy(POINTS))) {
            ordinaryHour(scene, page);
            shoot(page, "wide", "light", 1320);
            browser.screenshot("readme-live", 1320, 1004);
            browser.run(
                    "[...document.querySelectorAll('#streams .open')].find(each => each.innerText === 'factory-sensors').click()");
            Awaitility.await().until(() -> browser.text("#streams .opened").contains("shards by hash key"));
            browser.screenshot("stream", 1320, HIGHEST);
            shoot(page, "dark", "dark", 1320);
            shoot(page, "phone", "light", 390);
            shoot(page, "phone-dark", "dark", 390);
        }
    }

    @Test
    void theFirstMinute() throws IOException {
        Scene scene = new Scene();
        for (String source : List.of("mqtt", "forward", "http", "log4j", "otlp")) {
            scene.source(source, 0, 0, Map.of());
        }
        try (PageUnderTest page = new PageUnderTest(scene, Duration.ofSeconds(10))) {
            page.timeline.add(
                    Kind.START, Level.INFO, "The agent is up, version 0.1.0; no event waits from an earlier run");
            page.pass(STEP);
            shoot(page, "first-minute", "light", 1320);
        }
    }

    @Test
    void aThousandStreams() throws IOException {
        Scene scene = ordinary();
        scene.streams.clear();
        for (int i = 0; i < 1_000; i++) {
            Scene.Stream stream = scene.stream(String.format("tenant-%03d.events", i));
            stream.delivered = random.nextInt(1_000_000);
            stream.shards = 1 + random.nextInt(8);
            stream.condition =
                    i % 211 == 0 ? StreamState.RETRYING : i % 3 == 0 ? StreamState.IDLE : StreamState.SENDING;
            if (i % 211 == 0) {
                stream.detail = "nothing listens at kinesis.eu-central-1.amazonaws.com:443; look at firewalls";
                stream.waiting = 40_000 + i;
                stream.bytes = 14L << 20;
                stream.oldest = 500;
            }
        }
        scene.finds(
                ConditionName.CONNECTION_REFUSED,
                Place.target("default"),
                "nothing listens at kinesis.eu-central-1.amazonaws.com:443 (5 streams wait)");
        try (PageUnderTest page = new PageUnderTest(scene, STEP.multipliedBy(60))) {
            for (int i = 1; i <= 60; i++) {
                scene.source("mqtt", 90_000L * i, 4_120, Map.of());
                for (Scene.Stream stream : scene.streams) {
                    stream.delivered += stream.condition == StreamState.SENDING ? 60 + random.nextInt(60) : 0;
                    stream.waiting = stream.condition == StreamState.SENDING ? random.nextInt(40) : stream.waiting;
                }
                page.pass(STEP);
            }
            shoot(page, "thousand-streams", "light", 1320);
        }
    }

    @Test
    void everythingIsBroken() throws IOException {
        Scene scene = ordinary();
        scene.shortage = "disk: 912.4 MiB are free where /var/lib/penstock lies and spool.reserve leaves 1.0 GiB free,"
                + " so new events are not taken";
        scene.free = 956_700_000L;
        scene.finds(ConditionName.DISK_FULL, Place.AGENT, scene.shortage);
        scene.finds(
                ConditionName.ACCESS_DENIED,
                Place.stream("factory-sensors"),
                "User arn:aws:iam::123456789012:user/penstock is not authorized to perform kinesis:PutRecords");
        scene.finds(
                ConditionName.TLS_UNTRUSTED,
                Place.target("default"),
                "the certificate of kinesis.example.com:443 is signed by an authority that is not trusted");
        scene.finds(ConditionName.THROTTLED, Place.stream("app-logs"), "2 of 4 shards are at their limit");
        scene.finds(ConditionName.DAMAGE, Place.stream("orders"), "311 events cannot be read back");
        scene.finds(ConditionName.DEAD_LETTERS, Place.stream("audit"), "17 events are in its dead-letter file");
        scene.finds(ConditionName.EVENTS_LOST, Place.stream("clickstream"), "120,000 events were given up");
        scene.finds(ConditionName.BRIDGE_REFUSED, Place.bridge("plant"), "the broker refuses the login");
        List<Scene.Stream> streams = scene.streams;
        broken(
                streams.get(0),
                StreamState.PARKED,
                "AccessDeniedException: User arn:aws:iam::123456789012:user/penstock is"
                        + " not authorized to perform: kinesis:PutRecords; allow it",
                1_204_331);
        broken(
                streams.get(1),
                StreamState.RETRYING,
                "the TLS certificate of https://kinesis.example.com is not trusted:"
                        + " name its authority under tls.ca",
                88_122);
        broken(
                streams.get(2),
                StreamState.THROTTLED,
                "2 of 4 shards are at their limit: add shards, or spread the keys",
                20_412);
        streams.get(2).throttledShards = 2;
        streams.get(3).damaged = 311;
        streams.get(3).notes =
                List.of("its spool is damaged: 311 events in segment 00000042 at 1048576; check the disk");
        streams.get(4).letters = 17;
        streams.get(5).dropped = 120_000;
        scene.bridges.clear();
        scene.bridges.add(Scene.bridge(
                "plant",
                "mqtts://broker-a:8883",
                BridgeStatus.Condition.WAITING,
                "the broker refuses the login (CONNACK 5, not authorized): look at user and password-file"));
        scene.listeners.set(3, new AgentState.Listener("log4j", List.of(), false));
        try (PageUnderTest page = new PageUnderTest(scene, STEP.multipliedBy(POINTS))) {
            for (int i = 1; i <= POINTS; i++) {
                boolean down = i > 240;
                scene.source("mqtt", 4_000L * Math.min(i, 250), 812, Map.of("forbidden", i * 3L, "timeout", i / 9L));
                scene.source(
                        "http",
                        900L * Math.min(i, 250),
                        6,
                        Map.of("malformed", down ? (i - 240) * 41L : 3L, "spool_full", down ? (i - 240) * 12L : 0L));
                Scene.Stream first = streams.get(0);
                first.delivered = 4_000L * Math.min(i, 240);
                first.waiting = down ? Math.min(1_204_331, (i - 240) * 20_000L) : random.nextInt(400);
                first.retried = down ? (i - 240) * 900L : 0;
                first.oldest = down ? (i - 240) * 10 : 0.4;
                page.pass(STEP);
            }
            page.pass(Duration.ofSeconds(2));
            shoot(page, "everything-broken", "light", 1320);
            shoot(page, "everything-broken-dark", "dark", 1320);
            browser.screenshot("readme-broken", 1320, 1004);
            shoot(page, "everything-broken-phone", "light", 390);
        }
    }

    private static void broken(Scene.Stream stream, StreamState condition, String detail, long waiting) {
        stream.condition = condition;
        stream.detail = detail;
        stream.waiting = waiting;
        stream.bytes = waiting * 340;
        stream.oldest = waiting / 300.0;
        stream.retried = waiting / 10;
        stream.throttled = condition == StreamState.THROTTLED ? waiting / 12 : 0;
    }

    private static Scene ordinary() {
        Scene scene = new Scene();
        for (String name : List.of(
                "factory-sensors", "web-access", "app-logs", "orders", "audit", "clickstream", "device-events")) {
            scene.stream(name).shards = 2;
        }
        Scene.Stream first = scene.streams.get(0);
        first.shards = 8;
        StreamUsage usage = Scene.usage(8, 0.86);
        first.usage = usage;
        first.causes = Map.of(ConditionName.THROTTLED, 5_390L, ConditionName.CONNECTION_LOST, 490L);
        first.advice = "one of 8 shards gets 34 % of the records; use a partition key whose values are more alike in"
                + " number, or random";
        scene.bridges.add(Scene.bridge("plant", "mqtts://broker-a:8883", BridgeStatus.Condition.CONNECTED, ""));
        for (int i = 0; i < 40; i++) {
            scene.client(
                    "mqtt",
                    "press-" + (100 + i),
                    "plant",
                    "10.20.0." + (10 + i) + ":" + (41_000 + 7 * i),
                    "MQTT 5",
                    4_000L + 91L * i);
        }
        scene.client("forward", "", "", "10.20.1.7:50112", "forward", 1_106_149);
        for (String source : List.of("mqtt", "bridge", "forward", "http", "log4j", "otlp")) {
            scene.source(source, 0, 0, Map.of());
        }
        return scene;
    }

    private void ordinaryHour(Scene scene, PageUnderTest page) {
        long[] in = new long[4];
        Scene.Stream sensors = scene.streams.get(0);
        double waiting = 0;
        for (int i = 1; i <= POINTS; i++) {
            double wave = 1 + 0.25 * Math.sin(i / 40.0) + 0.06 * random.nextGaussian();
            boolean slow = i > 190 && i < 240;
            boolean burst = i > 120 && i < 132;
            in[0] += Math.round(10 * 900 * wave * (burst ? 2.6 : 1));
            in[1] += Math.round(10 * 310 * (1 + 0.1 * random.nextGaussian()));
            in[2] += Math.round(10 * 140 * (1 + 0.2 * random.nextGaussian()));
            in[3] += Math.round(10 * 35 * (1 + 0.3 * random.nextGaussian()));
            scene.source("mqtt", in[0], 812 + i / 90, Map.of("forbidden", i / 60L, "timeout", 2L));
            scene.source("forward", in[1], 14, Map.of());
            scene.source("http", in[2], 5 + i % 3, Map.of("malformed", i / 25L));
            scene.source("bridge", in[3], 1, Map.of());
            double arrived = 900 * wave * (burst ? 2.6 : 1) * 10;
            double left = slow ? arrived * 0.7 : Math.min(arrived + waiting, arrived * 1.25 + 900);
            waiting = Math.max(0, waiting + arrived - left);
            sensors.delivered += Math.round(left);
            sensors.waiting = Math.round(waiting) + random.nextInt(60);
            sensors.bytes = sensors.waiting * 330 + 65_536;
            sensors.oldest = sensors.waiting / 1_000.0 + 0.05;
            sensors.retried += slow ? 120 : 0;
            sensors.throttled += slow ? 110 : 0;
            sensors.condition = slow ? StreamState.THROTTLED : StreamState.SENDING;
            sensors.detail = slow ? "1 of 8 shards is at its limit: add shards, or spread the keys" : "";
            scene.process = new ProcessUse(
                    (120L + i % 40 * 4) << 20,
                    512L << 20,
                    38L << 20,
                    512L << 20,
                    431 + i % 5,
                    65_536,
                    0.05 + arrived / 90_000 + 0.01 * random.nextDouble(),
                    4);
            spread(scene.streams.get(1), in[1] / 2, random.nextInt(20));
            spread(scene.streams.get(2), in[1] / 2, random.nextInt(20));
            spread(scene.streams.get(3), in[2] / 3, random.nextInt(5));
            spread(scene.streams.get(4), in[2] / 3, random.nextInt(5));
            spread(scene.streams.get(5), in[2] / 3, random.nextInt(5));
            spread(scene.streams.get(6), in[3], random.nextInt(3));
            page.pass(STEP);
        }
    }

    private static void spread(Scene.Stream stream, long delivered, int waiting) {
        stream.delivered = delivered;
        stream.waiting = waiting;
        stream.bytes = 65_536 + waiting * 300L;
        stream.oldest = waiting * 0.02;
        stream.condition = waiting == 0 ? StreamState.IDLE : StreamState.SENDING;
    }

    private static void shoot(PageUnderTest page, String name, String scheme, int width) throws IOException {
        browser.scheme(scheme);
        browser.size(width, 900);
        browser.open(page.url("/"));
        Awaitility.await().until(() -> !browser.text("#tile-in .big").isEmpty());
        Awaitility.await().until(() -> !browser.text("#timeline li").isEmpty());
        Awaitility.await()
                .until(() -> (boolean) browser.run("return document.querySelector('#streams tbody').children.length > 0"
                        + " || !document.querySelector('#streams .empty').hidden"));
        browser.screenshot(name, width, HIGHEST);
    }
}
