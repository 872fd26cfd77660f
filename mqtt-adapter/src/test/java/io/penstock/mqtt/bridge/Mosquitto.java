package io.penstock.mqtt.bridge;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Debian's broker as a process with persistence, on a free port. */
final class Mosquitto implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final List<String> settings;
    private Process process;

    private Mosquitto(Path folder, int port, List<String> settings) throws IOException {
        this.folder = folder;
        this.port = port;
        this.settings = settings;
        this.process = launch();
    }

    /** Starts the broker; skips the test, with a message, on a machine without it. */
    static Mosquitto start(Path folder, String... settings) throws IOException {
        Assumptions.assumeTrue(
                program() != null, "there is no mosquitto on this machine: apt-get install mosquitto runs this test");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = free.getLocalPort();
            free.close();
            return new Mosquitto(folder, port, List.of(settings));
        }
    }

    private static Path program() {
        return Stream.of(System.getProperty("penstock.mosquitto", "/usr/sbin/mosquitto"))
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private Process launch() throws IOException {
        Path config = folder.resolve("mosquitto.conf");
        Files.writeString(
                config,
                "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location "
                        + folder + "/\nmax_queued_messages 0\n"
                        + "max_inflight_messages 200\nlog_dest stderr\nuser root\n"
                        + String.join("\n", settings) + "\n");
        Process started = new ProcessBuilder(String.valueOf(program()), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("mosquitto.log").toFile()))
                .start();
        await().until(() -> answers() || !started.isAlive());
        return started;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(address());
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress("127.0.0.1", port);
    }

    BridgeUrl url() {
        return BridgeUrl.parse("mqtt://127.0.0.1:" + port);
    }

    /** As kill -9 does, and starts it anew with what is on its disk. */
    void killAndRestart() throws IOException {
        process.destroyForcibly().onExit().join();
        process = launch();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
