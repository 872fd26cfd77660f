package io.penstock.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import io.penstock.forward.client.ForwardClient;
import io.penstock.forward.fixtures.TestAgent;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.msgpack.core.MessagePack;
import org.slf4j.LoggerFactory;

/** A process with the {@code logback.xml} of the document, which a shutdown hook drains. */
class DocumentedConfigurationTest {
    private static final Pattern DOCUMENTED = Pattern.compile("(?s)in `logback\\.xml`:\\s+```xml\n(.*?)```");

    @TempDir
    Path folder;

    @Test
    void deliversAllThatAProgramLoggedBeforeItReturned() throws Exception {
        Matcher document = DOCUMENTED.matcher(Files.readString(Path.of("../docs/logback.md")));
        assertTrue(document.find());
        try (TestAgent agent = new TestAgent()) {
            Path configuration = Files.writeString(
                    folder.resolve("logback.xml"),
                    document.group(1)
                            .replace(
                                    "<port>24224</port>",
                                    "<port>" + agent.port()
                                            + "</port><shutdownTimeoutMillis>60000</shutdownTimeoutMillis>"));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Dlogback.configurationFile=" + configuration,
                            "-cp",
                            classPath(),
                            LoggingProcess.class.getName(),
                            "100")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            assertEquals(100, agent.records().size(), output);
            assertTrue(
                    agent.records().get(0).endsWith("\"service.name\":\"shop\"}"),
                    agent.records().get(0));
        }
    }

    private static String classPath() {
        return Stream.of(
                        LoggingProcess.class,
                        PenstockAppender.class,
                        ForwardClient.class,
                        MessagePack.class,
                        LoggerContext.class,
                        Context.class,
                        LoggerFactory.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
