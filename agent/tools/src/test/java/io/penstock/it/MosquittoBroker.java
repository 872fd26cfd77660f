package io.penstock.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A real mosquitto with persistence, on a port that stays the same over its restarts. */
final class MosquittoBroker implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;
    private static final String PROGRAM = Stream.of("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto")
            .filter(path -> Files.isExecutable(Path.of(path)))
            .findFirst()
            .orElse("");

    private final Path folder;
    private final String more;
    private final int port;
    private Process process;

    private MosquittoBroker(Path folder, String more, int port, Process process) {
        this.folder = folder;
        this.more = more;
        this.port = port;
        this.process = process;
    }

    /** Skips the test where there is no mosquitto. */
    static MosquittoBroker start(Path folder, String... lines) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createDirectories(folder);
        String more = String.join("\n", lines);
        MosquittoBroker broker = new MosquittoBroker(folder, more, port, launch(folder, more, port));
        broker.awaitUp();
        return broker;
    }

    /** Null where there is no mosquitto. */
    static @Nullable MosquittoBroker ifThere(Path folder) throws IOException {
        return PROGRAM.isEmpty() ? null : start(folder);
    }

    private static Process launch(Path folder, String more, int port) throws IOException {
        assumeTrue(!PROGRAM.isEmpty(), "there is no mosquitto here");
        String configuration = """
                user root
                listener %d 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location %s/
                autosave_interval 1
                autosave_on_changes true
                max_queued_messages 0
                %s
                """.formatted(port, folder, more);
        Path file = Files.writeString(folder.resolve("mosquitto.conf"), configuration);
        return new ProcessBuilder(PROGRAM, "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("mosquitto.log").toFile()))
                .start();
    }

    private void awaitUp() {
        Awaitility.await("mosquitto").atMost(LIMIT_SECONDS, TimeUnit.SECONDS).until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    int port() {
        return port;
    }

    String url() {
        return "mqtt://127.0.0.1:" + port;
    }

    /** SIGKILL: what it had not saved is lost. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM: it saves what it has. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("mosquitto does not end");
        }
    }

    void restart() throws IOException {
        process = launch(folder, more, port);
        awaitUp();
    }

    /** Publishes numbered payloads and waits until the broker has acknowledged each. */
    void publish(String topic, MqttQos qos, int from, int to) {
        publish(
                topic,
                qos,
                IntStream.range(from, to).mapToObj(i -> topic + "#" + i).toArray(String[]::new));
    }

    /** Publishes and waits until the broker has acknowledged each. */
    void publish(String topic, MqttQos qos, String... payloads) {
        Mqtt5AsyncClient client =
                Mqtt5Client.builder().serverHost("127.0.0.1").serverPort(port).buildAsync();
        client.connect().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (String payload : payloads) {
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            sent.add(client.publishWith().topic(topic).qos(qos).payload(bytes).send());
        }
        sent.forEach(each -> each.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join());
        client.disconnect().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("mosquitto.log"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
