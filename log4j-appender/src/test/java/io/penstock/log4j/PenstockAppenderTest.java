package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.MarkerManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PenstockAppenderTest {
    private TestAgent agent;

    @BeforeEach
    void startAgent() throws Exception {
        agent = new TestAgent();
    }

    @AfterEach
    void stopAgent() {
        ThreadContext.clearAll();
        agent.close();
    }

    private String appender(String more) {
        return appender(agent.port(), more);
    }

    private static String appender(int port, String more) {
        int end = more.indexOf('>');
        String attributes = end < 0 ? more : more.substring(0, end);
        String content = end < 0 ? "" : more.substring(end + 1);
        return "<Penstock name='sut' host='127.0.0.1' port='" + port + "' lingerMillis='5' " + attributes + ">"
                + content + "</Penstock>";
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(PenstockAppenderTest::number).toList();
    }

    private static String number(int n) {
        return "{\"log.level\":\"INFO\",\"log.logger\":\"com.acme.Shop\",\"process.thread.name\":\"main\",\"message\":\"event "
                + n + "\"}";
    }

    private static String onMain(String record) {
        return record.replaceAll("\"process.thread.name\":\"[^\"]*\"", "\"process.thread.name\":\"main\"");
    }

    @Test
    void anEventHasEcsNamesAndTheChunkSaysThatItComesFromLog4j() {
        try (Application application = new Application(appender("tag='shop'"))) {
            long before = Instant.now().getEpochSecond();
            application.logger("com.acme.Shop").info("sold {} of {}", 3, "\u00e4pfel \"x\"");
            await().until(() -> agent.records().size() == 1);
            assertEquals(
                    "{\"log.level\":\"INFO\",\"log.logger\":\"com.acme.Shop\",\"process.thread.name\":\"main\","
                            + "\"message\":\"sold 3 of \u00e4pfel \\\"x\\\"\"}",
                    onMain(agent.records().get(0)));
            assertEquals(Set.of("shop"), agent.tags());
            assertEquals(Set.of("log4j"), agent.sources());
            assertTrue(agent.lastSeconds() >= before && agent.lastSeconds() <= before + 60);
        }
    }

    @Test
    void contextMarkerErrorFieldsAndLocationAreThereWhenTheyAre() {
        try (Application application =
                new Application(appender("includeLocation='true'><Property name='service.name'>shop</Property>"))) {
            ThreadContext.put("order", "7");
            ThreadContext.push("outer");
            application
                    .logger("a")
                    .error(
                            MarkerManager.getMarker("AUDIT"),
                            "failed",
                            new IllegalStateException("why", new RuntimeException("cause")));
            await().until(() -> agent.records().size() == 1);
            String record = agent.records().get(0);
            assertTrue(
                    record.contains("\"labels\":{\"order\":\"7\"},\"tags\":[\"outer\"],\"log.marker\":\"AUDIT\""),
                    record);
            assertTrue(
                    record.contains("\"error.type\":\"java.lang.IllegalStateException\",\"error.message\":\"why\""),
                    record);
            assertTrue(record.contains("Caused by: java.lang.RuntimeException: cause\\n"), record);
            assertTrue(
                    record.contains(
                            "\"log.origin\":{\"function\":\"" + getClass().getName() + ".contextMarker"),
                    record);
            assertTrue(record.endsWith("\"service.name\":\"shop\"}"), record);
        }
    }

    @Test
    void anErrorHasItsCausesAlsoSuppressedAndCircularOnes() {
        try (Application application = new Application(appender(""))) {
            Exception outer = new IllegalStateException("outer", new IllegalArgumentException("cause"));
            outer.addSuppressed(new IOException("suppressed"));
            outer.getCause().addSuppressed(outer);
            application.logger("a").error("failed", outer);
            await().until(() -> agent.records().size() == 1);
            String record = agent.records().get(0);
            for (String part : List.of(
                    "\"error.type\":\"java.lang.IllegalStateException\"",
                    "Suppressed: java.io.IOException: suppressed",
                    "Caused by: java.lang.IllegalArgumentException: cause",
                    "CIRCULAR REFERENCE: java.lang.IllegalStateException: outer")) {
                assertTrue(record.contains(part), record);
            }
        }
    }

    @Test
    void theCountersAreThere() {
        try (Application application = new Application(appender(""))) {
            PenstockAppender appender = application.context().getConfiguration().getAppender("sut");
            application.logger("a").info("one");
            await().until(() -> appender.status().acknowledged() == 1);
            assertEquals(1, appender.status().accepted());
            assertEquals(0, appender.status().bufferedEvents());
        }
    }

    @Test
    void aLayoutReplacesTheRecordButForTheLogger() {
        try (Application application = new Application(appender("><PatternLayout pattern='%p %m%n'/>"))) {
            application.logger("com.acme.Shop").warn("hello");
            await().until(() -> agent.records().size() == 1);
            assertEquals(
                    "{\"log.logger\":\"com.acme.Shop\",\"message\":\"WARN hello\"}",
                    agent.records().get(0));
        }
    }

    @Test
    void aFilterFilters() {
        try (Application application = new Application(appender("><ThresholdFilter level='warn'/>"))) {
            application.logger("a").info("no");
            application.logger("a").warn("yes");
            await().until(() -> agent.records().size() == 1);
            assertTrue(agent.records().get(0).contains("yes"));
        }
    }

    @Test
    void theAgentMayGoAwayAndComeBackAndNothingIsLost() throws Exception {
        try (Application application =
                new Application(appender("chunkBytes='4096' whenFull='BLOCK' maxBlockMillis='60000'"))) {
            Logger logger = application.logger("com.acme.Shop");
            for (int n = 0; n < 2_000; n++) {
                logger.info("event {}", n);
            }
            await().until(() -> agent.records().size() > 100);
            agent.goAway();
            for (int n = 2_000; n < 4_000; n++) {
                logger.info("event {}", n);
            }
            agent.comeBack();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> agent.records().stream().anyMatch(r -> r.contains("event 3999\"")));
            assertEquals(
                    numbers(4_000),
                    List.copyOf(new LinkedHashSet<>(agent.records().stream()
                            .map(PenstockAppenderTest::onMain)
                            .toList())));
        }
    }

    @Test
    void stoppingDrainsAndTheApplicationMayStartAgain() {
        for (int round = 1; round <= 2; round++) {
            Application application = new Application(appender("").replace("lingerMillis='5'", "lingerMillis='60000'"));
            for (int n = 0; n < 100; n++) {
                application.logger("com.acme.Shop").info("event {}", n);
            }
            application.close();
            assertEquals(100 * round, agent.records().size());
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("penstock-forward-sut")));
        }
    }

    @Test
    void aReconfigurationKeepsConnectionAndQueue() {
        String first = appender("").replace("lingerMillis='5'", "lingerMillis='300'");
        try (Application application = new Application(first)) {
            application.logger("a").info("before");
            await().until(() -> agent.connections() == 1);
            application.logger("a").info("queued");
            application.reconfigure(first.replace("name='sut'", "name='sut' tag='other'"));
            application.logger("a").info("after");
            await().until(() -> agent.records().size() == 3);
            assertEquals(1, agent.connections());
            assertEquals(Set.of("log4j", "other"), agent.tags());
        }
    }

    @Test
    void aFullBufferDropsAtOnceAndSaysSo() {
        agent.goAway();
        try (Application application =
                new Application(appender("chunkBytes='4096' bufferBytes='8192' shutdownTimeoutMillis='1'"))) {
            Logger logger = application.logger("a");
            long before = System.nanoTime();
            for (int n = 0; n < 1_000; n++) {
                logger.info("event {}", n);
            }
            assertTrue(Duration.ofNanos(System.nanoTime() - before).toSeconds() < 10);
            assertTrue(application.told("an event was not taken (FULL)"), application.status.toString());
            assertEquals(
                    1,
                    application.status.stream()
                            .filter(line -> line.contains("was not taken"))
                            .count());
        }
    }

    @Test
    void byLevelTheLessGraveMakeRoomForTheGrave() {
        agent.goAway();
        try (Application application = new Application(
                appender("whenFull='DROP_BY_LEVEL' maxBlockMillis='1' shutdownTimeoutMillis='1' chunkBytes='4096'"
                        + " bufferBytes='16384' ignoreExceptions='false'"))) {
            var logger = application.logger("a");
            String text = "x".repeat(1_000);
            int ordinary = 0;
            while (isTaken(() -> logger.info(text))) {
                ordinary++;
            }
            int grave = 0;
            while (isTaken(() -> logger.error(text))) {
                grave++;
            }
            assertTrue(ordinary >= 3, "took " + ordinary);
            assertTrue(grave >= 3, "a quarter of the buffer is kept for them, and took " + grave);
        }
    }

    private static boolean isTaken(Runnable logging) {
        try {
            logging.run();
            return true;
        } catch (AppenderLoggingException notTaken) {
            return false;
        }
    }

    @Test
    void whatIsLostAtTheEndIsSaid() {
        agent.goAway();
        Application application = new Application(appender("shutdownTimeoutMillis='1'"));
        application.logger("a").info("lost");
        List<String> status = application.status;
        application.close();
        assertTrue(
                status.stream().anyMatch(line -> line.contains("1 events were not acknowledged")), status.toString());
    }

    @Test
    void log4jsOwnLimitOfStoppingCountsWhenItIsLongerThanTheAttribute() {
        agent.goAway();
        Application application = new Application(appender("shutdownTimeoutMillis='1'"));
        application.logger("a").info("lost");
        application.context().stop(10, TimeUnit.MILLISECONDS);
        assertTrue(application.told("1 events were not acknowledged within PT0.01S"), application.status.toString());
        application.close();
    }

    @Test
    void anArgumentThatChangesAfterTheCallIsSentAsItWas() {
        try (Application application =
                new Application(appender("").replace("lingerMillis='5'", "lingerMillis='200'"))) {
            StringBuilder order = new StringBuilder("seven");
            application.logger("a").info("sold {}", order);
            order.setLength(0);
            order.append("another");
            await().until(() -> agent.records().size() == 1);
            assertTrue(
                    agent.records().get(0).contains("sold seven"),
                    agent.records().toString());
        }
    }

    @Test
    void withoutIgnoreExceptionsAFailoverAppenderTakesWhatDoesNotFit() {
        agent.goAway();
        String failing = appender(
                        "ignoreExceptions='false' chunkBytes='4096' bufferBytes='8192' shutdownTimeoutMillis='1'")
                .replace("name='sut'", "name='primary'");
        try (Application application = new Application(
                failing
                        + "<CountingAppender name='backup'/>"
                        + "<Failover name='sut' primary='primary' retryIntervalSeconds='0'><Failovers><AppenderRef ref='backup'/></Failovers></Failover>")) {
            CountingAppender backup = application.context().getConfiguration().getAppender("backup");
            for (int n = 0; n < 1_000; n++) {
                application.logger("a").info("event {}", n);
            }
            assertTrue(backup.count() > 500, "backup has " + backup.count());
        }
    }

    @Test
    void severalServersMayBeNamed() {
        try (Application application = new Application(
                "<Penstock name='sut' servers='127.0.0.1:1, 127.0.0.1:" + agent.port() + "' lingerMillis='5'/>")) {
            application.logger("a").info("hello");
            await().until(() -> agent.records().size() == 1);
            assertTrue(application.told("127.0.0.1:1 cannot connect"), application.status.toString());
        }
    }

    @Test
    void aMessageThatLogsWhileItIsFormattedHarmsNeither() {
        try (Application application = new Application(appender(""))) {
            Logger logger = application.logger("com.acme.Shop");
            Object chatty = new Object() {
                @Override
                public String toString() {
                    logger.info("event {}", 0);
                    return "1";
                }
            };
            logger.info("event {}", chatty);
            await().until(() -> agent.records().size() == 2);
            assertEquals(
                    numbers(2),
                    agent.records().stream().map(PenstockAppenderTest::onMain).toList());
        }
    }

    @Test
    void eventsOfTheClientItselfAreNotSent() {
        try (Application application = new Application(appender(""))) {
            application.logger("io.penstock.forward.client.Sender").info("would go round for ever");
            application.logger("a").info("other");
            await().until(() -> !agent.records().isEmpty());
            assertTrue(agent.records().get(0).contains("other"));
            assertFalse(agent.records().size() > 1);
        }
    }
}
