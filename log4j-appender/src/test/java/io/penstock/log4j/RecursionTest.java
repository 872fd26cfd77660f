package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;
import org.junit.jupiter.api.Test;

/** An application that logs Log4j's status log, which includes the appender's own reports. */
class RecursionTest {
    private static StatusListener into(Logger logger) {
        return new StatusListener() {
            @Override
            public void log(StatusData data) {
                logger.info("status: {}", data.getMessage().getFormattedMessage());
            }

            @Override
            public Level getStatusLevel() {
                return Level.INFO;
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void whatTheClientsThreadsReportIsNotSentByTheClient() throws Exception {
        try (TestAgent agent = new TestAgent();
                Application application = new Application(
                        "<Penstock name='sut' host='127.0.0.1' port='" + agent.port() + "' lingerMillis='5'/>")) {
            StatusListener listener = into(application.logger("status"));
            StatusLogger.getLogger().registerListener(listener);
            try {
                application.logger("a").info("one");
                await().until(() -> agent.records().size() == 1 && application.told("connected to"));
                agent.goAway();
                await().until(() -> application.told("the server closed the connection"));
                agent.comeBack();
                application.logger("a").info("two");
                await().until(() -> agent.records().size() >= 2);
                StatusLogger.getLogger().warn("of the application's own thread");
                await().until(() -> agent.records().size() >= 3);
            } finally {
                StatusLogger.getLogger().removeListener(listener);
            }
            List<String> messages = agent.records().stream()
                    .map(record -> record.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1"))
                    .collect(Collectors.toList());
            assertEquals(List.of("one", "two", "status: of the application's own thread"), messages);
            assertTrue(application.status.stream()
                            .filter(line -> line.contains("connected to"))
                            .count()
                    >= 2);
        }
    }
}
