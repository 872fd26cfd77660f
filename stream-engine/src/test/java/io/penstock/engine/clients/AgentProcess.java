package io.penstock.engine.clients;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** An agent with the embedded engine and its Kinesis API, in a real process that can be killed and started again. */
final class AgentProcess implements AutoCloseable {
    private final Path folder;
    private final Path log;
    private final int apiPort;
    private final int enginePort;
    private Process process;

    /** @param api more of the section {@code kinesis-api}, as members of a flow mapping */
    AgentProcess(Path folder, String api) throws IOException {
        this.folder = folder;
        this.log = folder.resolve("agent.log");
        this.apiPort = freePort();
        this.enginePort = freePort();
        Files.writeString(
                folder.resolve("penstock.yaml"), """
                    mqtt: {listen: []}
                    forward: {listen: []}
                    log4j: {listen: []}
                    http: {listen: []}
                    admin: {listen: "127.0.0.1:0"}
                    engine: {listen: "127.0.0.1:%d"}
                    kinesis-api: {listen: "127.0.0.1:%d"%s}
                    """.formatted(enginePort, apiPort, api.isEmpty() ? "" : ", " + api));
        this.process = start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private Process start() throws IOException {
        Files.deleteIfExists(log);
        Process started = new ProcessBuilder(
                        System.getProperty("penstock.test.launcher", "../agent/bin/penstock"),
                        "run",
                        "--config",
                        folder.resolve("penstock.yaml").toString(),
                        "--data",
                        folder.resolve("agent").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> {
            assertTrue(started.isAlive(), () -> "the agent ended, see " + log);
            return Files.readString(log).contains("ready in");
        });
        return started;
    }

    int apiPort() {
        return apiPort;
    }

    int enginePort() {
        return enginePort;
    }

    /** Kills the agent and starts it again over the same data. */
    void killAndStart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = start();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    }
}
