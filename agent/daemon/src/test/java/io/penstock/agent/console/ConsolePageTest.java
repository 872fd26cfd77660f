package io.penstock.agent.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.live.Browser;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

@DisplayName("The console in Chromium")
@Tag("slow")
class ConsolePageTest {
    private static final Duration TICK = Duration.ofSeconds(2);
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
    void nothingIsInTheBrowsersConsole() {
        browser.assertQuiet();
        browser.open("about:blank");
    }

    @Test
    void aKnownLoadShowsItsNumbersAndASplitFromTheConsoleAppears() throws IOException {
        try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMinutes(5));
                Leaving leaving = new Leaving()) {
            console.engine.createStream("orders", 2);
            for (int i = 0; i < 3; i++) {
                console.put("orders", "7", "0123456789", 300);
                console.read("orders", 0, 100, "user-agent", "reports/1.0");
                console.pass(TICK);
            }
            browser.open(console.url("/console"));
            awaitText("#streams tbody .name", "orders");
            awaitText("#now [data-tile=in] .big", "150\u202f/s");
            browser.find("#streams tbody .name").sendKeys(Keys.ENTER);
            awaitText("#one h1", "orders");
            awaitText("#one [data-tile=in] .big", "150\u202f/s");
            assertEquals(
                    150L,
                    browser.run("return Math.round(document.getElementById('chart-records').plot.data[1].at(-1))"),
                    "the chart shows the number of now");
            assertTrue(browser.text("#one").contains("reports"), browser.text("#one"));
            browser.find("[aria-label='Split shard 1']").click();
            Awaitility.await().until(() -> browser.text("#dialog").contains("Shard 1 closes, shards 2 and 3 open."));
            assertEquals(2L, browser.run("return document.querySelectorAll('#dialog .coming').length"));
            browser.find("#dialog .primary").click();
            Awaitility.await().until(() -> browser.text("#one").contains("Done: shard 1 closes, shards 2 and 3 open"));
            Awaitility.await()
                    .until(() -> browser.run("return document.querySelectorAll('.lineage .is-open').length")
                            .equals(3L));
            Awaitility.await().until(() -> browser.text("#one tbody").contains("of 1, split"));
            assertEquals(
                    3,
                    console.get("/api/console/streams").at("/streams/0/shards").intValue());
        }
    }

    @Test
    void whatStrangersWroteStaysTextAndIsDecoded() throws IOException {
        try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMinutes(5));
                Leaving leaving = new Leaving()) {
            console.engine.createStream("s", 1);
            console.put("s", HOSTILE, "{\"a\":\"" + HOSTILE.replace("\"", "\\\"") + "\"}", 1);
            console.put("s", "k", Aggregates.of(HOSTILE, HOSTILE, "other", "{\"n\":1.10}"), 1);
            console.read("s", 0, 1, "user-agent", HOSTILE);
            console.pass(TICK);
            browser.open(console.url("/console#stream=" + console.id("s")));
            Awaitility.await().until(() -> browser.text("#one tbody").length() > 0);
            Awaitility.await()
                    .until(() -> browser.text("#one section[aria-labelledby=h-readers]")
                            .contains("<script>"));
            browser.find("#tail-start").click();
            Awaitility.await().until(() -> browser.text(".records").contains("\"n\" : 1.10"));
            assertTrue(browser.text(".records").contains("aggregated, 2 records"), browser.text(".records"));
            assertTrue(browser.text(".records").contains("<img src=x onerror="), browser.text(".records"));
            browser.find("#put-key").sendKeys(HOSTILE);
            browser.find("#put-data").sendKeys(HOSTILE);
            browser.find("#put-data").submit();
            Awaitility.await()
                    .until(() ->
                            browser.text("#one .outcome[data-level=good]").contains("Stored in shardId-000000000000"));
            Awaitility.await()
                    .until(() -> browser.run("return document.querySelectorAll('.record').length")
                            .equals(3L));
            assertNull(browser.run("return window.hacked"));
            assertEquals(0L, browser.run("return document.querySelectorAll('main script, img[src=x]').length"));
            browser.open(console.url("/console"));
            Awaitility.await().until(() -> console.console.tails() == 0);
        }
    }

    @Test
    void buttonsSayWhyTheyAreOffAndAPhoneScrollsOnlyDown() throws IOException {
        try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMinutes(5));
                Leaving leaving = new Leaving()) {
            console.mayChange = false;
            console.engine.createStream("o".repeat(128), 3);
            console.put("o".repeat(128), "k".repeat(256), "x".repeat(3_000), 1);
            console.pass(TICK);
            browser.size(360, 740);
            browser.open(console.url("/console#stream=" + console.id("o".repeat(128))));
            Awaitility.await().until(() -> browser.text("#one .closed").contains("set admin.allow-changes: true"));
            browser.find("#tail-start").click();
            Awaitility.await().until(() -> browser.text(".records").contains("xxx"));
            assertEquals(
                    0L,
                    browser.run(
                            "return document.querySelectorAll('.actions button:enabled, button.primary:enabled').length"));
            assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
        } finally {
            browser.size(1280, 900);
        }
    }

    @Test
    void hasLandmarksAndNamesForAScreenReader() throws IOException {
        try (ConsoleUnderTest console = new ConsoleUnderTest(Duration.ofMinutes(5));
                Leaving leaving = new Leaving()) {
            console.engine.createStream("s", 2);
            browser.open(console.url("/console#stream=" + console.id("s")));
            Awaitility.await().until(() -> browser.text("#one tbody").length() > 0);
            assertEquals(List.of(), browser.run("""
                            const wrong = [];
                            ["header", "nav[aria-label]", "main", "h1"].forEach((selector) =>
                              document.querySelectorAll(selector).length === 1 || wrong.push("not one " + selector));
                            document.querySelectorAll("table").forEach((table) =>
                              table.caption && table.querySelector("th[scope=col]") || wrong.push("a table without names"));
                            document.querySelectorAll("input, select, textarea, button").forEach((control) => {
                              if (!(control.getAttribute("aria-label") || control.innerText || control.labels?.length
                                  || control.hidden || control.offsetParent === null)) {
                                wrong.push("a control without a name: " + control.outerHTML);
                              }
                            });
                            document.querySelectorAll("#one section").forEach((section) =>
                              section.getAttribute("aria-label") || document.getElementById(section.getAttribute("aria-labelledby"))
                                || wrong.push("a section without a name"));
                            return wrong;
                            """));
        }
    }

    /** Leaves the page before the server stops, so that the page asks nothing in vain. */
    private static final class Leaving implements AutoCloseable {
        @Override
        public void close() {
            browser.open("about:blank");
        }
    }

    private static void awaitText(String selector, String text) {
        Awaitility.await(selector).untilAsserted(() -> assertEquals(text, browser.text(selector)));
    }
}
