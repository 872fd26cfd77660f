package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What runs on a gateway is the daemon")
class OnlyTheDaemonIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** The classes that a process loaded, as {@code -Xlog:class+load} names them. */
    private Stream<String> loadedBy(String name, boolean awaitReady, String... arguments) throws Exception {
        Path log = folder.resolve(name + ".classes");
        List<String> options = new ArrayList<>(PackagedAgent.JVM_OPTIONS);
        options.add("-Xlog:class+load=info:file=" + log + "::filecount=0");
        try (AgentProcess process = AgentProcess.of(options, Map.of(), arguments)) {
            if (awaitReady) {
                process.awaitReady();
                process.terminate();
            }
            assertEquals(0, process.awaitExit(LIMIT), process.output());
        }
        return classes(log);
    }

    private static Stream<String> classes(Path log) throws IOException {
        return Files.readAllLines(log).stream().filter(line -> line.contains("io.penstock."));
    }

    private static boolean ofTheTools(String line) {
        return line.contains("io.penstock.tools.");
    }

    @Test
    void runLoadsNoClassOfTheTools() throws Exception {
        Path configuration = Files.writeString(folder.resolve("penstock.yaml"), AgentProcess.FREE_PORTS);
        List<String> loaded = loadedBy(
                        "run",
                        true,
                        "run",
                        "--config",
                        configuration.toString(),
                        "--data",
                        folder.resolve("data").toString())
                .toList();
        assertTrue(loaded.stream().anyMatch(line -> line.contains("io.penstock.agent.Agent ")), loaded::toString);
        assertEquals(
                List.of(), loaded.stream().filter(OnlyTheDaemonIT::ofTheTools).toList());
    }

    @Test
    void checkLoadsNoClassOfTheToolsAndHelpKnowsThemAll() throws Exception {
        assertFalse(loadedBy("check", false, "check").anyMatch(OnlyTheDaemonIT::ofTheTools));
        assertTrue(loadedBy("help", false, "--help").anyMatch(OnlyTheDaemonIT::ofTheTools));
    }
}
