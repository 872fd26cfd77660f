package io.penstock.agent.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.admin.AgentState.StreamState;
import io.penstock.agent.admin.BridgeStatus;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

@DisplayName("The live page in Chromium")
@Tag("slow")
class LivePageTest {
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final String HOSTILE = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>";

    private static Browser browser;

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
        browser.open("about:blank");
    }

    @Test
    void chartsAndNumbersShowWhatAKnownLoadMade() {
        Scene scene = new Scene();
        Scene.Stream orders = scene.stream("orders");
        scene.source("http", 0, 3, Map.of());
        try (PageUnderTest page = new PageUnderTest(scene, Duration.ofMinutes(5))) {
            for (int i = 1; i <= 30; i++) {
                scene.source("http", 500L * i, 3, Map.of("malformed", 2L * i));
                orders.delivered = 400L * i;
                orders.waiting = 100L * i;
                orders.bytes = 4096L * i;
                orders.oldest = i;
                page.pass(STEP);
            }
            browser.open(page.url("/"));
            awaitText("#tile-in .big", "50\u202f/s");
            assertEquals("40\u202f/s", browser.text("#tile-out .big"));
            assertEquals("3\u202fk", browser.text("#tile-waiting .big"));
            assertTrue(browser.text("#tile-waiting .more").startsWith("oldest 30\u202fs · 120\u202fKiB on disk"));
            assertTrue(browser.text("#sources tbody").contains("malformed 60"), browser.text("#sources"));
            List<Object> in = points("chart-events", 1);
            assertEquals(30, in.size(), "29 points and the present one");
            in.forEach(value -> assertEquals(50.0, ((Number) value).doubleValue(), 0.01));
            points("chart-events", 2).forEach(value -> assertEquals(40.0, ((Number) value).doubleValue(), 0.01));
            awaitText("#streams tbody .name", "orders");

            scene.source("http", 500L * 30 + 240, 3, Map.of("malformed", 60L));
            page.pass(TICK);
            awaitText("#tile-in .big", "120\u202f/s");
            List<Object> moved = points("chart-events", 1);
            assertEquals(120.0, ((Number) moved.get(moved.size() - 1)).doubleValue(), 0.01);
            assertEquals("120", browser.text("#chart-events .value"));
        }
    }

    @Test
    void namesAndErrorsOfOthersStayText() {
        Scene scene = new Scene();
        scene.dataFolder = "/data/" + HOSTILE;
        Scene.Stream stream = scene.stream("orders");
        stream.condition = StreamState.PARKED;
        stream.detail = "AccessDeniedException: " + HOSTILE;
        stream.advice = "one of 2 shards " + HOSTILE;
        stream.notes = List.of("its spool is damaged: " + HOSTILE);
        scene.bridges.add(
                Scene.bridge("plant", "mqtts://" + HOSTILE, BridgeStatus.Condition.WAITING, "CONNACK says " + HOSTILE));
        scene.finds(ConditionName.ACCESS_DENIED, Place.stream("orders"), "The user is " + HOSTILE);
        scene.client("mqtt", HOSTILE, HOSTILE, "10.0.0.9:5000", "MQTT 5", 3);
        scene.source(HOSTILE, 7, 1, Map.of(HOSTILE, 3L));
        try (PageUnderTest page = new PageUnderTest(scene, Duration.ofMinutes(1))) {
            page.timeline.add(Occurrence.Kind.RELOAD, Occurrence.Level.BAD, "Logger " + HOSTILE);
            page.pass(TICK);
            browser.open(page.url("/"));
            for (String place : List.of(
                    "#status",
                    "#streams tbody",
                    "#bridges tbody",
                    "#timeline",
                    "#machine",
                    "#sources",
                    "#clients tbody")) {
                Awaitility.await(place).until(() -> browser.text(place).contains("<script>window.hacked=1</script>"));
            }
            browser.find("#streams .open").sendKeys(Keys.ENTER);
            Awaitility.await().until(() -> browser.text("#streams .opened").contains("one of 2 shards <img"));
            assertNull(browser.run("return window.hacked"));
            assertEquals(
                    0L,
                    browser.run("return document.querySelectorAll('main script, header script, img[src=x]').length"));
        }
    }

    @Test
    void aNewcomerSeesALineToPasteThatNamesTheListener() {
        Scene scene = new Scene();
        scene.source("http", 0, 0, Map.of());
        scene.stream("log4j").condition = StreamState.IDLE; // of the configuration
        try (PageUnderTest page = new PageUnderTest(scene, Duration.ZERO)) {
            browser.open(page.url("/"));
            Awaitility.await()
                    .until(() ->
                            browser.text("#welcome").contains("curl http://127.0.0.1:9880/v1/streams/mqtt/records"));
            scene.source("http", 1, 0, Map.of());
            scene.stream("mqtt").delivered = 1;
            page.pass(TICK);
            Awaitility.await().until(() -> (boolean) browser.run("return document.getElementById('welcome').hidden"));
        }
    }

    @Test
    void hasLandmarksNamesAndOneLiveRegion() {
        Scene scene = new Scene();
        scene.stream("orders").delivered = 1;
        scene.source("http", 1, 0, Map.of());
        try (PageUnderTest page = new PageUnderTest(scene, Duration.ofMinutes(1))) {
            page.pass(TICK);
            browser.open(page.url("/"));
            awaitText("#streams tbody .name", "orders");
            assertEquals(List.of(), browser.run("""
                            const wrong = [];
                            const one = (selector) => {
                              const found = document.querySelectorAll(selector).length;
                              if (found !== 1) wrong.push(found + " of " + selector);
                            };
                            ["header", "nav[aria-label]", "main", "[aria-live]", "[role=status]", "h2#h-streams"].forEach(one);
                            document.querySelectorAll("table").forEach((table) => {
                              if (!table.caption || !table.querySelector("th[scope=col]")) wrong.push("a table without names");
                            });
                            document.querySelectorAll("input, select, button").forEach((control) => {
                              if (!(control.getAttribute("aria-label") || control.innerText || control.hidden || control.offsetParent === null)) {
                                wrong.push("a control without a name: " + control.outerHTML);
                              }
                            });
                            document.querySelectorAll("section").forEach((section) => {
                              if (!section.getAttribute("aria-label") && !document.getElementById(section.getAttribute("aria-labelledby"))) {
                                wrong.push("a section without a name");
                              }
                            });
                            return wrong;
                            """));
            browser.find("body").sendKeys(Keys.TAB);
            assertEquals("Skip to the numbers", browser.run("return document.activeElement.innerText"));
            browser.find("#streams .open").sendKeys(Keys.ENTER);
            Awaitility.await().until(() -> browser.text("#streams .opened").contains("1 shard by hash key"));
            assertEquals(
                    "true",
                    browser.run("return document.querySelector('#streams .open').getAttribute('aria-expanded')"));
            page.pass(TICK);
            assertEquals(
                    "orders",
                    browser.run("return document.activeElement.innerText"),
                    "the focus stays where it is while numbers change");
        }
    }

    @Test
    void fitsAPhoneWhateverNamesAreLike() {
        Scene scene = new Scene();
        Scene.Stream orders = scene.stream("o".repeat(128));
        orders.detail = "x".repeat(400);
        orders.condition = StreamState.RETRYING;
        scene.client("mqtt", "c".repeat(256), "u".repeat(200), "10.0.0.9:5000", "MQTT 5", 3);
        scene.source("http", 1, 0, Map.of("malformed", 1_000_000L, "too_large", 1L, "forbidden", 99L));
        scene.finds(ConditionName.PARKED, Place.stream("o".repeat(128)), "y".repeat(400));
        try (PageUnderTest page = new PageUnderTest(scene, Duration.ofMinutes(1))) {
            page.pass(TICK);
            browser.size(360, 740);
            browser.open(page.url("/"));
            awaitText("#streams tbody .name", "o".repeat(128));
            Awaitility.await().until(() -> !browser.text("#clients tbody .name").isEmpty());
            assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
        } finally {
            browser.size(1280, 900);
        }
    }

    private static void awaitText(String selector, String text) {
        Awaitility.await(selector).untilAsserted(() -> assertEquals(text, browser.text(selector)));
    }

    /** What a chart draws, without gaps. */
    @SuppressWarnings("unchecked")
    private static List<Object> points(String chart, int series) {
        return (List<Object>) browser.run(
                "return document.getElementById(arguments[0]).plot.data[arguments[1]].filter(value => value !== null)",
                chart,
                series);
    }
}
