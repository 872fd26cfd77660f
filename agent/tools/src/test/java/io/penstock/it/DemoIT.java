package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration as it is shown, without its page: what was sent is what was counted, whatever was killed. */
@Tag("slow")
class DemoIT {
    @TempDir
    Path folder;

    @Test
    void everyEventIsCountedOnceThroughASplitAndTwoKills() throws Exception {
        Path kept = folder.resolve("kept");
        try (AgentProcess demo = AgentProcess.of(
                PackagedAgent.JVM_OPTIONS,
                Map.of(),
                "demo",
                "--headless",
                "--plain",
                "--json",
                "--seconds",
                "20",
                "--port",
                "0",
                "--keep",
                kept.toString())) {
            assertEquals(0, demo.awaitExit(Duration.ofMinutes(5)), demo.output());
            JsonNode sum = new ObjectMapper()
                    .readTree(demo.output()
                            .lines()
                            .filter(line -> line.startsWith("{"))
                            .findFirst()
                            .orElseThrow());
            assertTrue(sum.path("equation").asBoolean(), demo.output());
            assertEquals(sum.path("sent"), sum.path("counted"));
            assertEquals(0, sum.path("lost").asInt());
            assertEquals(0, sum.path("repeated").asInt(), "the producers give ids, or have sessions");
            assertEquals(1, sum.path("splits").asInt());
            assertEquals(3, sum.path("shards").asInt());
        }
        assertTrue(Files.exists(kept.resolve("agent.log")));
    }

    @Test
    @Tag("long")
    void controlCEndsItWithTheSumAndNothingStaysBehind() throws Exception {
        try (AgentProcess demo =
                AgentProcess.of(PackagedAgent.JVM_OPTIONS, Map.of(), "demo", "--plain", "--port", "0")) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> demo.output().contains("Producers and two workers have begun"));
            List<ProcessHandle> children = demo.descendants();
            assertFalse(children.isEmpty());
            // In a terminal Ctrl-C reaches all of them; the process itself is told by SIGTERM, which nothing makes
            // deaf.
            for (ProcessHandle child : children) {
                signal("INT", child.pid());
            }
            signal("TERM", demo.pid());
            demo.awaitExit(Duration.ofMinutes(3));

            assertTrue(demo.output().contains("lost 0"), demo.output());
            assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), demo.output());
        }
    }

    private static void signal(String name, long process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process)).start().waitFor();
    }
}
