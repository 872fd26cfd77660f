package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
}
