package io.penstock.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import io.penstock.forward.fixtures.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full buffers, reconfigurations, the end of an application, and what the next run finds in the spill file. */
class StoppingTest {
    private static final String QUICK_END = "<shutdownTimeoutMillis>1</shutdownTimeoutMillis>";
    /** Only the drain sends before the end, however slow the machine is. */
    private static final String LONG_LINGER =
            "<lingerMillis>60000</lingerMillis><shutdownTimeoutMillis>60000</shutdownTimeoutMillis>";

    @TempDir
    Path folder;

    private TestAgent agent;

    @BeforeEach
    void startAgent() throws Exception {
        agent = new TestAgent();
    }

    @AfterEach
    void stopAgent() {
        agent.close();
    }

    private String appender(String elements) {
        return PenstockAppenderTest.appender(agent.port(), elements);
    }

    private String spill(String more) {
        return appender("<spillFile>" + folder.resolve("sut.spill") + "</spillFile>" + QUICK_END + more);
    }

    private List<String> messages() {
        return agent.records().stream()
                .map(record -> record.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1"))
                .collect(Collectors.toList());
    }

    private static boolean runs() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("penstock-forward-sut"));
    }

    @Test
    void stoppingTheContextDrainsAndLeavesNoThread() {
        for (int round = 1; round <= 2; round++) {
            Application application = new Application(appender(LONG_LINGER));
            for (int n = 0; n < 100; n++) {
                application.logger("com.acme.Shop").info("event {}", n);
            }
            application.close();
            assertEquals(100 * round, agent.records().size());
            await().until(() -> !runs());
        }
    }

    @Test
    void stoppingTheAppenderAloneDrainsItAndItMayStartAgain() {
        try (Application application = new Application(appender(LONG_LINGER))) {
            PenstockAppender appender = application.appender();
            application.logger("a").info("one");
            appender.stop();
            assertEquals(List.of("one"), messages());
            assertEquals(0, appender.status().accepted());
            application.logger("a").info("between");
            assertTrue(
                    application.told("non started appender"),
                    application.status().toString());
            appender.start();
            application.logger("a").info("two");
            appender.stop();
            assertEquals(List.of("one", "two"), messages());
        }
    }

    @Test
    void stoppingTheContextDrainsAnAsyncAppenderToo() {
        Application application = new Application(appender(LONG_LINGER).replace("name='sut'", "name='penstock'")
                + "<appender name='sut' class='ch.qos.logback.classic.AsyncAppender'><maxFlushTime>60000</maxFlushTime>"
                + "<neverBlock>false</neverBlock><discardingThreshold>0</discardingThreshold>"
                + "<appender-ref ref='penstock'/></appender>");
        for (int n = 0; n < 100; n++) {
            application.logger("com.acme.Shop").info("event {}", n);
        }
        application.close();
        assertEquals(100, agent.records().size());
        await().until(() -> !runs());
    }

    @Test
    void aReconfigurationKeepsConnectionAndBuffer() {
        String first = appender(LONG_LINGER);
        try (Application application = new Application(first)) {
            agent.goAway();
            application.logger("a").info("before");
            assertEquals(1, application.appender().status().bufferedEvents());
            application.reconfigure(first.replace("<host>", "<tag>other</tag><host>"));
            assertEquals(1, application.appender().status().bufferedEvents(), "the client goes on");
            application.logger("a").info("after");
            application.reset();
            agentComesBack();
        }
        assertEquals(Set.of("log4j", "other"), agent.tags());
        assertEquals(List.of("before", "after"), messages());
    }

    @Test
    void aReconfigurationThatChangesTheConnectionLosesNothing() {
        try (Application application = new Application(appender(LONG_LINGER))) {
            application.logger("a").info("before");
            application.reconfigure(appender(LONG_LINGER + "<bufferBytes>8000000</bufferBytes>"));
            application.logger("a").info("after");
        }
        await().until(() -> messages().containsAll(List.of("before", "after")));
        assertEquals(2, agent.records().size());
        await().until(() -> !runs());
    }

    @Test
    void aReconfigurationThatChangesTheConnectionTakesTheSpillFileOver() throws Exception {
        agent.goAway();
        try (Application application = new Application(spill(""))) {
            application.logger("a").info("before");
            PenstockAppender before = application.appender();
            await().until(() -> before.status().savedEvents() == 1);
            application.reconfigure(spill("<bufferBytes>8000000</bufferBytes>"));
            application.logger("a").info("after");
            agent.comeBack();
            await().until(() -> messages().containsAll(List.of("before", "after")));
        }
    }

    @Test
    void whatCouldNotBeDeliveredIsDeliveredAtTheNextStart() throws Exception {
        agent.goAway();
        Application first = new Application(spill(""));
        first.logger("a").info("of the first run");
        first.close();
        assertTrue(
                first.told("Penstock appender sut: 1 events were not acknowledged within"), first.status()::toString);
        assertTrue(first.told("will be sent at the next start"));
        agent.comeBack();
        try (Application second = new Application(spill(""))) {
            second.logger("a").info("of the second run");
            await().until(() -> agent.records().size() == 2);
            assertEquals(List.of("of the first run", "of the second run"), messages());
            assertTrue(second.told("1 events of an earlier run are in " + folder), second.status()::toString);
            assertEquals(1, second.appender().status().restored());
        }
    }

    @Test
    void aSpillFileThatCannotBeUsedIsNamedAndLoggingGoesOn() throws Exception {
        Files.writeString(folder.resolve("sut.spill"), "precious");
        try (Application application = new Application(spill(""))) {
            application.logger("a").info("still here");
            await().until(() -> agent.records().size() == 1);
            assertTrue(
                    application.told("ERROR in io.penstock.logback.ContextStatus")
                            && application.told("the spill file " + folder.resolve("sut.spill")
                                    + " cannot be used: it is no spill file"),
                    application.status()::toString);
        }
    }

    @Test
    void whatIsLostAtTheEndIsSaid() {
        agent.goAway();
        Application application = new Application(appender(QUICK_END));
        application.logger("a").info("lost");
        application.close();
        assertTrue(application.told("1 events were not acknowledged within PT0.001S of stopping and are lost"));
    }

    @Test
    void aFullBufferDropsAtOnceAndSaysSoOnce() {
        agent.goAway();
        try (Application application =
                new Application(appender("<chunkBytes>4096</chunkBytes><bufferBytes>8192</bufferBytes>" + QUICK_END))) {
            for (int n = 0; n < 1_000; n++) {
                application.logger("a").info("event {}", n);
            }
            assertTrue(application.appender().status().full() > 500);
            assertEquals(
                    1,
                    application.status().stream()
                            .filter(line -> line.contains("an event was not taken (FULL)"))
                            .count());
        }
    }

    @Test
    void byLevelTheLessGraveMakeRoomForTheGrave() {
        agent.goAway();
        try (Application application = new Application(appender("<whenFull>DROP_BY_LEVEL</whenFull>"
                + "<maxBlockMillis>1</maxBlockMillis><chunkBytes>4096</chunkBytes><bufferBytes>16384</bufferBytes>"
                + QUICK_END))) {
            Logger logger = application.logger("a");
            PenstockAppender appender = application.appender();
            String text = "x".repeat(1_000);
            while (appender.status().full() == 0) {
                logger.info(text);
            }
            long ordinary = appender.status().accepted();
            while (appender.status().full() == 1) {
                logger.warn(text);
            }
            long grave = appender.status().accepted() - ordinary;
            assertTrue(ordinary >= 3, "took " + ordinary);
            assertTrue(grave >= 3, "a quarter of the buffer is kept for them, and took " + grave);
        }
    }

    private void agentComesBack() {
        try {
            agent.comeBack();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        assertFalse(agent.port() == 0);
    }
}
