package io.penstock.it;

import io.penstock.agent.Main;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the JVM of a real process is told. Of jars, as Maven packages them, it gets an archive of their parsed classes,
 * as the launcher makes one: a start then takes half its CPU time, and the tests start some seventy.
 */
final class PackagedAgent {
    private static final List<String> TUNING = List.of(
            "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xlog:cds=off", "-Xlog:cds+dynamic=off");

    static final List<String> JVM_OPTIONS = options();

    private PackagedAgent() {}

    private static List<String> options() {
        try {
            Path classes = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(classes) ? unpackaged() : packaged(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As an IDE runs tests. */
    private static List<String> unpackaged() {
        return with("-cp", System.getProperty("java.class.path"));
    }

    private static List<String> packaged(Path jar) throws IOException, InterruptedException {
        // An archive is of jars only; of the folders on the way, the tests' own classes, the process needs none.
        String jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Files.isRegularFile(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
        Path archive = jar.resolveSibling("tests-" + Runtime.version() + ".jsa");
        // Test classes run in several JVMs at once: the first makes it for all.
        try (FileChannel file = FileChannel.open(
                        jar.resolveSibling("tests.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!Files.exists(archive)
                    || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                Files.deleteIfExists(archive);
                makeArchive(archive, jars);
            }
        }
        return with("-XX:SharedArchiveFile=" + archive, "-cp", jars);
    }

    /** By one short run; without an archive, should it come to nothing, the JVM starts all the same. */
    private static void makeArchive(Path archive, String jars) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("penstock-trial");
        Path configuration = Files.writeString(folder.resolve("penstock.yaml"), AgentProcess.FREE_PORTS);
        List<String> command = with("-XX:ArchiveClassesAtExit=" + archive, "-cp", jars);
        try (AgentProcess trial = AgentProcess.of(
                command,
                Map.of(),
                "run",
                "--config",
                configuration.toString(),
                "--data",
                folder.resolve("data").toString())) {
            trial.awaitReady();
            trial.terminate();
            trial.awaitExit(Duration.ofSeconds(60));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<String> with(String... more) {
        List<String> options = new ArrayList<>(TUNING);
        options.addAll(List.of(more));
        return List.copyOf(options);
    }
}
