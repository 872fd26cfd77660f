package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An appender with a spill file: what it says, and what the next run of the application delivers. */
class SpillFileAttributeTest {
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

    private String appender(String more) {
        return "<Penstock name='sut' host='127.0.0.1' port='" + agent.port() + "' lingerMillis='5' spillFile='"
                + folder.resolve("sut.spill") + "' shutdownTimeoutMillis='1' " + more + "/>";
    }

    @Test
    void whatCouldNotBeDeliveredIsDeliveredAtTheNextStart() throws Exception {
        agent.goAway();
        Application first = new Application(appender(""));
        first.logger("a").info("of the first run");
        first.close();
        assertTrue(
                first.told("WARN Penstock appender sut: 1 events were not acknowledged within"),
                first.status::toString);
        assertTrue(first.told("will be sent at the next start"));
        agent.comeBack();
        try (Application second = new Application(appender(""))) {
            second.logger("a").info("of the second run");
            await().until(() -> agent.records().size() == 2);
            assertTrue(agent.records().get(0).contains("of the first run"));
            assertTrue(second.told("1 events of an earlier run are in " + folder), second.status::toString);
            PenstockAppender appender = second.context().getConfiguration().getAppender("sut");
            assertEquals(1, appender.status().restored());
            await().until(() -> appender.status().acknowledged() == 2);
        }
    }

    @Test
    void aReconfigurationThatChangesTheConnectionTakesTheFileOver() throws Exception {
        agent.goAway();
        try (Application application = new Application(appender(""))) {
            application.logger("a").info("before");
            PenstockAppender before = application.context().getConfiguration().getAppender("sut");
            await().until(() -> before.status().savedEvents() == 1);
            application.reconfigure(appender("bufferBytes='8000000'"));
            application.logger("a").info("after");
            agent.comeBack();
            await().until(() -> agent.records().size() == 2);
        }
    }

    @Test
    void aFileThatCannotBeUsedIsNamedAndLoggingGoesOn() throws Exception {
        Files.writeString(folder.resolve("sut.spill"), "precious");
        try (Application application = new Application(appender(""))) {
            application.logger("a").info("still here");
            await().until(() -> agent.records().size() == 1);
            assertTrue(
                    application.told("ERROR Penstock appender sut: the spill file " + folder.resolve("sut.spill")
                            + " cannot be used: it is no spill file"),
                    application.status::toString);
        }
    }
}
