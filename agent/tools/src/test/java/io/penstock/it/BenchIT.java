package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The bench finds every event that the real agent acknowledged")
class BenchIT {
    private static final int EVENTS = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static AgentProcess agent;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS);
    }

    @AfterAll
    static void stop() {
        agent.close();
    }

    @Test
    void overMqttAtLeastOnceAndInOrder() throws Exception {
        JsonNode result = allFound("mqtt", "mqtt", "--connections", "3");
        assertEquals(EVENTS, result.get("latency_ms").get("count").asLong());
        assertEquals(EVENTS, result.get("verification").get("order_checked").asLong());
        assertEquals(0, result.get("verification").get("out_of_order").asLong());
    }

    @Test
    void overMqttFiveExactlyOnceInSessionsThatAreKept() throws Exception {
        allFound("mqtt", "mqtt", "--connections", "3", "--version", "5", "--qos", "2", "--keep-sessions");
    }

    @Test
    void overForwardCompressed() throws Exception {
        JsonNode result = allFound("forward", "forward", "--mode", "gzip", "--chunk", "100", "--connections", "2");
        assertEquals(20, result.get("latency_ms").get("count").asLong());
    }

    @Test
    void overHttpInOrder() throws Exception {
        JsonNode result = allFound("http", "http", "--batch", "50", "--connections", "4");
        assertEquals(EVENTS, result.get("verification").get("order_checked").asLong());
        assertEquals(0, result.get("verification").get("out_of_order").asLong());
    }

    @Test
    void lookingIntoAnotherStreamFindsTheLossAndFails() throws Exception {
        try (AgentProcess bench = bench("http", "http", "--verify-stream", "another", "--timeout", "3")) {
            assertEquals(1, bench.awaitExit(LIMIT), bench::output);
            assertEquals(EVENTS, json(bench).get("verification").get("lost").asLong());
        }
    }

    @Test
    void wrongUseIsSaidAndExitsWithTwo() throws Exception {
        try (AgentProcess bench = AgentProcess.start("bench", "mqtt", "--qos", "3")) {
            assertEquals(2, bench.awaitExit(LIMIT));
            assertTrue(bench.output().contains("--qos 3: from 0 to 2"), bench::output);
        }
    }

    private static JsonNode allFound(String protocol, String listener, String... options) throws Exception {
        try (AgentProcess bench = bench(protocol, listener, options)) {
            assertEquals(0, bench.awaitExit(LIMIT), bench::output);
            JsonNode result = json(bench);
            assertEquals(EVENTS, result.get("acknowledged").asLong());
            assertEquals(EVENTS, result.get("verification").get("found").asLong());
            assertEquals(0, result.get("verification").get("lost").asLong());
            assertEquals(0, result.get("errors").size());
            assertTrue(result.get("events_per_second").asDouble() > 0);
            return result;
        }
    }

    private static AgentProcess bench(String protocol, String listener, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "bench",
                protocol,
                "--port",
                Integer.toString(agent.address(listener).getPort()),
                "--events",
                Integer.toString(EVENTS),
                "--json",
                "--verify",
                "--endpoint-url",
                agent.http("kinesis").toString()));
        arguments.addAll(List.of(options));
        return AgentProcess.start(arguments.toArray(String[]::new));
    }

    private static JsonNode json(AgentProcess bench) throws Exception {
        return new ObjectMapper()
                .readTree(bench.awaitLine(Pattern.compile("^\\{.*}$"), LIMIT).group());
    }
}
