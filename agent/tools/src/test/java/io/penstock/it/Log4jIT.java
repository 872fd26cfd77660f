package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Each event that an application with Log4j 2 logs is found again in the stream")
class Log4jIT {
    private static final int EVENTS = 3_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void throughTheStockSocketAppenderWithJsonTemplateLayout(@TempDir Path folder) throws Exception {
        try (AgentProcess agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS);
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            LoggingApplication application =
                    LoggingApplication.withSocketAppender(agent.address("log4j").getPort());
            Marks marks = new Marks();
            Set<String> missing = log(application, marks, EVENTS);
            application.logger("com.acme.Shop").error("failed", new IllegalStateException("why"));
            application.stop(LIMIT);
            List<String> records =
                    Awaitility.await().atMost(LIMIT).until(() -> streams.texts("log4j"), all -> all.size() > EVENTS);
            assertEquals(EVENTS + 1, records.size());
            Marks.removeFound(records, missing);
            assertEquals(Set.of(), missing);
            JsonNode error = new ObjectMapper()
                    .readTree(records.stream()
                            .filter(record -> record.contains("IllegalStateException"))
                            .findFirst()
                            .orElseThrow());
            assertEquals("ERROR", error.get("log.level").asText());
            assertEquals("com.acme.Shop", error.get("log.logger").asText());
            assertEquals("why", error.get("error.message").asText());
            assertTrue(error.hasNonNull("@timestamp") && error.hasNonNull("@id"), error::toString);
        }
    }

    @Test
    void throughOurAppenderAlsoWhenTheAgentIsKilledInBetween(@TempDir Path folder) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String configuration = AgentProcess.FREE_PORTS.replace(
                "forward:\n  listen: [\"127.0.0.1:0\"]", "forward:\n  listen: [\"127.0.0.1:" + port + "\"]");
        LoggingApplication application = LoggingApplication.withPenstockAppender(port);
        Marks marks = new Marks();
        Set<String> missing = log(application, marks, EVENTS);
        try (AgentProcess agent = AgentProcess.run(folder, configuration);
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            Awaitility.await().atMost(LIMIT).until(() -> !streams.texts("log4j").isEmpty());
            missing.addAll(log(application, marks, EVENTS));
            agent.kill();
        }
        missing.addAll(log(application, marks, EVENTS));
        try (AgentProcess agent = AgentProcess.run(folder, configuration);
                StreamContents streams = new StreamContents(agent.http("kinesis"))) {
            missing.addAll(log(application, marks, EVENTS));
            application.stop(LIMIT);
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> {
                        Marks.removeFound(streams.texts("log4j"), missing);
                        assertEquals(Set.of(), missing);
                    });
        }
    }

    /** What is to be found. */
    private static Set<String> log(LoggingApplication application, Marks marks, int events) {
        Set<String> logged = new TreeSet<>();
        for (int i = 0; i < events; i++) {
            String mark = marks.next("event");
            application.logger("com.acme.Shop").info("sold {}", mark);
            logged.add(mark);
        }
        return logged;
    }
}
