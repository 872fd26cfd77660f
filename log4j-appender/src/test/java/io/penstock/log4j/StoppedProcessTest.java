package io.penstock.log4j;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.fixtures.TestAgent;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.msgpack.core.MessagePack;

/** Processes as containers and supervisors run them: told to stop by a signal, and several from one configuration. */
class StoppedProcessTest {
    private static final int EVENTS = 100;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private TestAgent agent;

    @BeforeEach
    void startAgent() throws Exception {
        agent = new TestAgent();
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        agent.close();
    }

    /** An event may wait a minute for its chunk to fill, so only the drain sends it before the end. */
    private String appender(String more) {
        return "<Penstock name='sut' host='127.0.0.1' port='" + agent.port() + "' lingerMillis='60000' " + more + "/>";
    }

    private Process logging(String appender, String name) throws IOException {
        return logging(appender, name, "signal");
    }

    private Process logging(String appender, String name, String end) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Stream.of(
                                        LoggingProcess.class,
                                        PenstockAppender.class,
                                        ForwardClient.class,
                                        MessagePack.class,
                                        LoggerContext.class,
                                        LogManager.class)
                                .map(type -> type.getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .getPath())
                                .collect(Collectors.joining(File.pathSeparator)),
                        LoggingProcess.class.getName(),
                        appender,
                        name,
                        String.valueOf(EVENTS),
                        end)
                .redirectErrorStream(true)
                .start();
        processes.add(process);
        return process;
    }

    private static void awaitLogged(Process process) throws IOException {
        awaitSaid(process, "logged");
    }

    private static void awaitSaid(Process process, String... texts) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        while (!Stream.of(texts).allMatch(text -> said.indexOf(text) >= 0)) {
            String line = out.readLine();
            assertNotNull(line, () -> "ended: " + said);
            said.append(line).append('\n');
        }
    }

    /** The server accepts connections and closes them {@code times} times before it works. */
    private void hangUp(int times) throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            listener.setReuseAddress(true);
            listener.setSoTimeout(20_000);
            listener.bind(new InetSocketAddress("127.0.0.1", agent.port()));
            for (int n = 0; n < times; n++) {
                listener.accept().close();
            }
        }
        agent.comeBack();
    }

    private static Set<String> events(String... names) {
        return Set.of(names).stream()
                .flatMap(name -> IntStream.range(0, EVENTS).mapToObj(n -> name + " " + n))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> delivered() {
        return agent.records().stream()
                .map(record -> record.replaceAll(".*\"message\":\"([^\"]*)\".*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aProcessThatIsToldToStopDrainsFirst() throws Exception {
        Process process = logging(appender(""), "event");
        awaitLogged(process);
        assertEquals(Set.of(), delivered());
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(events("event"), delivered());
        assertEquals(EVENTS, agent.records().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown", "interrupted", "return"})
    void aProcessThatEndsByItselfDrainsFirst(String end) throws Exception {
        agent.goAway();
        Process process = logging(appender("shutdownTimeoutMillis='50000'"), "event", end);
        awaitLogged(process);
        // The pauses between the attempts are longer than the 50 ms of LogManager.shutdown().
        hangUp(3);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(events("event"), delivered());
    }

    @Test
    void aProcessThatShutsLog4jDownDrainsItsAsyncAppender() throws Exception {
        agent.goAway();
        Process process = logging(
                appender("shutdownTimeoutMillis='50000'").replace("'sut'", "'penstock'")
                        + "<Async name='sut'><AppenderRef ref='penstock'/></Async>",
                "event",
                "shutdown");
        awaitLogged(process);
        hangUp(3);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(events("event"), delivered());
    }

    @Test
    void aProcessThatIsToldToStopWaitsForNoServerLongerThanItsLimit() throws Exception {
        agent.goAway();
        Process process = logging(appender("shutdownTimeoutMillis='1'"), "event");
        awaitLogged(process);
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it may wait a millisecond");
    }

    @Test
    void aSecondProcessOfTheSameConfigurationTakesNothingAwayFromTheFirst() throws Exception {
        String appender = appender("spillFile='" + folder.resolve("shared.spill") + "'");
        Process first = logging(appender, "first");
        awaitLogged(first);
        Process second = logging(appender, "second");
        awaitSaid(second, "logged", "another process has it");
        second.destroy();
        assertTrue(second.waitFor(60, TimeUnit.SECONDS));
        assertEquals(events("second"), delivered());
        first.destroy();
        assertTrue(first.waitFor(60, TimeUnit.SECONDS));
        await().untilAsserted(() -> assertEquals(events("first", "second"), delivered()));
        assertEquals(2 * EVENTS, agent.records().size());
    }
}
