package io.penstock.tools.demo;

import io.penstock.tools.demo.libraries.Libraries;
import io.penstock.tools.demo.worker.KclWorker;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Kinesis Client Library 3 and, in a process of its own, DynamoDB Local, which has its leases. Thread-safe. */
final class Kcl implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final String classPath;
    private final int port;
    private final JavaProcess dynamo;

    private Kcl(String classPath, int port, JavaProcess dynamo) {
        this.classPath = classPath;
        this.port = port;
        this.dynamo = dynamo;
    }

    /**
     * Starts DynamoDB Local.
     *
     * @param files of both class paths, as {@link Libraries} has them
     * @throws IOException when it does not start here
     */
    static Kcl start(Path folder, Map<String, List<Path>> files) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<Path> dynamodb = Objects.requireNonNull(files.get(Libraries.DYNAMODB));
        Path natives = Files.createDirectories(folder.resolve("native"));
        for (Path file : dynamodb) {
            if (file.toString().endsWith(".so")) {
                Files.copy(file, natives.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        JavaProcess dynamo = JavaProcess.start(
                folder.resolve("dynamodb.log"),
                "192m",
                List.of("-Dsqlite4java.library.path=" + natives, "-XX:TieredStopAtLevel=1"),
                join(dynamodb) + File.pathSeparator + own(),
                "software.amazon.dynamodb.services.local.main.ServerRunner",
                List.of("-inMemory", "-disableTelemetry", "-port", String.valueOf(port)));
        Kcl kcl = new Kcl(
                join(Objects.requireNonNull(files.get(Libraries.KCL))) + File.pathSeparator + own(), port, dynamo);
        kcl.awaitDynamo(folder);
        return kcl;
    }

    private static String join(List<Path> files) {
        return files.stream()
                .map(Path::toString)
                .filter(file -> file.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** The jar that the worker's own class is in. */
    private static String own() {
        try {
            return Path.of(Kcl.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitDynamo(Path folder) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (System.nanoTime() < end && dynamo.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        dynamo.kill();
        try (Stream<String> log = Files.lines(folder.resolve("dynamodb.log"))) {
            throw new IOException("DynamoDB Local does not start here: "
                    + log.filter(line -> !line.isBlank()).findFirst().orElse("it says nothing"));
        }
    }

    /** A worker in a process of its own. */
    JavaProcess worker(Path log, String application, String name, URI table, URI engine) throws IOException {
        return JavaProcess.start(
                log,
                "160m",
                List.of("-XX:TieredStopAtLevel=1"),
                classPath,
                KclWorker.class.getName(),
                List.of(
                        table.toString(),
                        application,
                        name,
                        engine.toString(),
                        DemoSettings.STREAM,
                        "http://127.0.0.1:" + port));
    }

    @Override
    public void close() {
        dynamo.kill();
    }
}
