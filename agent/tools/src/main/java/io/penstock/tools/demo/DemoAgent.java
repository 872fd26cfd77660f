package io.penstock.tools.demo;

import io.penstock.agent.Main;
import io.penstock.agent.cli.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The agent with the engine inside, as {@code penstock run} starts it, on ports of its own. Thread-safe. */
final class DemoAgent implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Path folder;
    private final Path configuration;
    private final List<Integer> ports;
    private JavaProcess process;

    private DemoAgent(Path folder) throws IOException {
        this.folder = folder;
        this.ports = freePorts(5);
        this.configuration = Files.writeString(folder.resolve("penstock.yaml"), """
                mqtt: {listen: "127.0.0.1:%d"}
                forward: {listen: "127.0.0.1:%d"}
                http: {listen: "127.0.0.1:%d", fluentd: false, otlp: false}
                log4j: {listen: []}
                engine: {listen: "127.0.0.1:%d", enforce-limits: true}
                admin: {listen: "127.0.0.1:%d", allow-changes: true}
                kinesis: {endpoint: embedded}
                routes:
                  - {match: "http:views", stream: show, partition-key: "{$.user}"}
                  - {match: "mqtt:floor/#", stream: show, partition-key: "{topic(2)}"}
                  - {match: "forward:app.**", stream: show, partition-key: "{$.host}"}
                """.formatted(ports.toArray()));
        this.process = launch();
    }

    /** Starts it, and returns when it is ready. */
    static DemoAgent start(Path folder) throws IOException, InterruptedException {
        DemoAgent agent = new DemoAgent(folder);
        agent.awaitReady();
        return agent;
    }

    private JavaProcess launch() throws IOException {
        return JavaProcess.start(
                folder.resolve("agent.log"),
                "384m",
                Main.class,
                List.of(
                        "run",
                        "--config",
                        configuration.toString(),
                        "--data",
                        folder.resolve("data").toString()));
    }

    /** All at once, so that none is given twice. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    int mqttPort() {
        return ports.get(0);
    }

    int forwardPort() {
        return ports.get(1);
    }

    int httpPort() {
        return ports.get(2);
    }

    /** Where the engine's Kinesis API is. */
    URI engine() {
        return URI.create("http://127.0.0.1:" + ports.get(3));
    }

    /** Where the agent's own page is. */
    URI admin() {
        return URI.create("http://127.0.0.1:" + ports.get(4));
    }

    /** kill -9, and a start after a second, as a service manager does it. Returns when it is ready again. */
    synchronized void killAndRestart() throws IOException, InterruptedException {
        process.kill();
        Thread.sleep(1000);
        process = launch();
        awaitReady();
    }

    private void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            if (isReady()) {
                return;
            }
            Thread.sleep(100);
        }
        process.kill();
        throw CommandFailure.failed("the agent did not start; its log is " + folder.resolve("agent.log"));
    }

    private boolean isReady() throws InterruptedException {
        try {
            return http.send(
                                    HttpRequest.newBuilder(admin().resolve("/readyz"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        process.stop();
    }
}
