package io.penstock.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real {@code penstock} process on ports of its own, and what it printed. */
final class AgentProcess implements AutoCloseable {
    /** Every listener on a free port; a test adds to it. */
    static final String FREE_PORTS = """
            mqtt:
              listen: ["127.0.0.1:0"]
            forward:
              listen: ["127.0.0.1:0"]
            log4j:
              listen: ["127.0.0.1:0"]
            http:
              listen: ["127.0.0.1:0"]
            admin:
              listen: "127.0.0.1:0"
            engine:
              listen: "127.0.0.1:0"
            """;

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread pump;

    private AgentProcess(Process process) {
        this.process = process;
        this.pump = new Thread(this::collect, "output of " + process.pid());
        pump.setDaemon(true);
        pump.start();
    }

    /** Starts {@code penstock} with these arguments and does not wait for anything. */
    static AgentProcess start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** As {@link #start(String...)}, with more in its environment. */
    static AgentProcess start(Map<String, String> environment, String... arguments) throws IOException {
        return of(PackagedAgent.JVM_OPTIONS, environment, arguments);
    }

    /** As {@link #start(Map, String...)}, in a JVM that is told {@code options}. */
    static AgentProcess of(List<String> options, Map<String, String> environment, String... arguments)
            throws IOException {
        return under(List.of(), options, environment, arguments);
    }

    /** As {@link #of}, started by a command that sets limits or such and then becomes what its last arguments say. */
    static AgentProcess under(
            List<String> prefix, List<String> options, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(hearingHangUps());
        command.addAll(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("io.penstock.agent.Main");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Whoever builds may have an account at Amazon, which is nothing to the tests.
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        return new AgentProcess(builder.start());
    }

    /** Under nohup, as a build may run, a program and its children ignore SIGHUP, and a JVM leaves that as it is. */
    private static List<String> hearingHangUps() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return List.of();
        }
        boolean ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
        return ignored ? List.of("env", "--default-signal=HUP") : List.of();
    }

    /**
     * Starts {@code run} with this configuration on a data folder under {@code folder}, and waits until it is ready.
     */
    static AgentProcess run(Path folder, String configuration) throws IOException, InterruptedException {
        return run(Map.of(), folder, configuration);
    }

    /** As {@link #run(Path, String)}, with more in its environment. */
    static AgentProcess run(Map<String, String> environment, Path folder, String configuration)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), configuration);
        AgentProcess agent = start(
                environment,
                "run",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString());
        agent.awaitReady();
        return agent;
    }

    void awaitReady() throws InterruptedException {
        awaitLine(Pattern.compile("ready in [\\d,.]+ ms"), Duration.ofSeconds(60));
    }

    Matcher awaitLine(Pattern pattern, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean ended = !process.isAlive();
            if (ended) {
                pump.join();
            }
            for (String line : output) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return matcher;
                }
            }
            if (ended || System.nanoTime() > deadline) {
                throw new AssertionError(
                        "no line like " + pattern + (ended ? " before it ended:\n" : ":\n") + output());
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** The address that the start printed for this listener; the first if there are several. */
    InetSocketAddress address(String listener) {
        return addresses(listener).get(0);
    }

    /** The addresses that the start printed for this listener. */
    List<InetSocketAddress> addresses(String listener) {
        Pattern line = Pattern.compile("^\\s*" + listener + "\\s.*127\\.0\\.0\\.");
        Pattern address = Pattern.compile("(127\\.0\\.0\\.\\d+):(\\d+)");
        for (String printed : output) {
            if (line.matcher(printed).find()) {
                return address.matcher(printed)
                        .results()
                        .map(found -> new InetSocketAddress(found.group(1), Integer.parseInt(found.group(2))))
                        .toList();
            }
        }
        throw new AssertionError("no address of " + listener + " in\n" + output());
    }

    URI http(String listener) {
        return URI.create("http://127.0.0.1:" + address(listener).getPort());
    }

    /** As a power cut would, as far as a process can tell: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void terminate() {
        process.destroy();
    }

    /** SIGHUP. */
    void hangUp() throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -HUP: " + exit);
        }
    }

    int awaitExit(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running:\n" + output());
        }
        pump.join();
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    /** The processes that it started, and those that these started. */
    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** As everybody on the machine can read it. */
    String commandLine() {
        return process.info().commandLine().orElseThrow();
    }

    String output() {
        return String.join("\n", output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void collect() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
            }
        } catch (IOException e) {
            output.add("(its output ended: " + e.getMessage() + ")");
        }
    }
}
