package io.penstock.agent.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
@DisplayName("The process's log")
class LogOutputTest {
    @TempDir
    private Path folder;

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private LoggerContext context;

    @BeforeEach
    void open() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        context = new LoggerContext("log-output");
        context.start(new UsualLog());
    }

    @AfterEach
    void close() {
        context.stop();
        System.setErr(stderr);
    }

    private LogOutput output(boolean journal) {
        return new LogOutput(context, journal, true);
    }

    private static LogSettings settings(
            LogSettings.Level level, Map<String, String> levels, LogSettings.Format format) {
        return new LogSettings(level, levels, format);
    }

    private List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void hasTheLevelsOfTheSettingsAndTheFormerOnesAgain() {
        Logger sender = context.getLogger("io.penstock.delivery.sender.Health");
        LogOutput output = output(false);
        output.apply(
                settings(LogSettings.Level.WARN, Map.of("io.penstock.delivery", "debug"), LogSettings.Format.TEXT));
        assertTrue(sender.isDebugEnabled());
        assertFalse(context.getLogger("io.penstock.agent.Agent").isInfoEnabled());
        output.apply(LogSettings.USUAL);
        assertFalse(sender.isDebugEnabled());
        assertTrue(sender.isInfoEnabled());
    }

    @Test
    void leavesLibrariesAtTheirLevelsUnlessTheyAreNamed() {
        LogOutput output = output(false);
        output.apply(settings(LogSettings.Level.DEBUG, Map.of(), LogSettings.Format.TEXT));
        assertTrue(context.getLogger("io.penstock.agent.Agent").isDebugEnabled());
        assertFalse(context.getLogger("io.netty.channel").isInfoEnabled());
        output.apply(settings(LogSettings.Level.INFO, Map.of("io.netty", "debug"), LogSettings.Format.TEXT));
        assertTrue(context.getLogger("io.netty.channel").isDebugEnabled());
        output.apply(LogSettings.USUAL);
        assertFalse(context.getLogger("io.netty.channel").isInfoEnabled());
    }

    @Test
    void isALineOfTimeLevelLoggerAndMessageAndEightLinesOfAStackTraceBelow() {
        Logger logger = context.getLogger("io.penstock.delivery.sender.Health");
        logger.info("started");
        logger.warn("odd {}", 7, new IllegalStateException("why"));
        String time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";
        assertTrue(lines().get(0).matches(time + " INFO  Health - started"), lines().get(0));
        assertTrue(lines().get(1).matches(time + " WARN  Health - odd 7"), lines().get(1));
        assertEquals("java.lang.IllegalStateException: why", lines().get(2));
        assertTrue(lines().get(3).startsWith("\tat io.penstock"), lines().get(3));
        assertEquals(2 + 8, lines().size(), lines().toString());
    }

    @Test
    void keepsWarningsOfLibrariesAndLeavesOutTheirStackTraces() {
        assertFalse(context.getLogger("io.netty.channel").isInfoEnabled());
        assertTrue(context.getLogger("io.netty.channel").isWarnEnabled());
        assertFalse(context.getLogger("com.linecorp.armeria.server.HttpServerHandler")
                .isWarnEnabled());
        assertTrue(context.getLogger("io.penstock.agent.Agent").isInfoEnabled());
    }

    @Test
    void isAnObjectOfTheElasticCommonSchemaInALine() throws IOException {
        LogOutput output = output(false);
        output.apply(settings(LogSettings.Level.INFO, Map.of(), LogSettings.Format.JSON));
        context.getLogger("io.penstock.X").warn("a\nb {}", "\"c\"", new IOException("why"));
        assertEquals(1, lines().size());
        JsonNode line = new ObjectMapper().readTree(lines().get(0));
        assertEquals("a\nb \"c\"", line.path("message").asText());
        assertEquals("WARN", line.path("log.level").asText());
        assertEquals("io.penstock.X", line.path("log.logger").asText());
        assertEquals("penstock", line.path("service.name").asText());
        assertEquals("why", line.path("error.message").asText());
        assertTrue(line.path("@timestamp").asText().endsWith("Z"));
    }

    @Test
    void hasBoundedLinesInEachForm() {
        LogOutput output = output(false);
        for (LogSettings.Format format : LogSettings.Format.values()) {
            written.reset();
            output.apply(settings(LogSettings.Level.INFO, Map.of(), format));
            context.getLogger("io.penstock.X")
                    .error(
                            "x".repeat(100_000),
                            new IOException("y".repeat(100_000), new IOException("z".repeat(100_000))));
            lines().forEach(line -> assertTrue(line.length() < 40_000, () -> format + ": " + line.length()));
        }
    }

    @Test
    void hasNoLineThatBeginsInAClientsName() {
        LogOutput output = output(false);
        for (LogSettings.Format format : LogSettings.Format.values()) {
            written.reset();
            output.apply(settings(LogSettings.Level.INFO, Map.of(), format));
            context.getLogger("io.penstock.X").warn("client 'a\r\n2026 ERROR forged\u2028\u0085\u001b[2J' is refused");
            assertEquals(1, lines().size(), () -> format + ": " + lines());
            assertFalse(lines().get(0).contains("\u001b"), () -> lines().get(0));
        }
    }

    @Test
    void hasAPriorityBeforeEachLineOfTheJournal() {
        LogOutput output = output(true);
        Logger logger = context.getLogger("io.penstock.X");
        logger.info("started");
        logger.error("failed\nsecond", new IOException("why"));
        output.apply(settings(LogSettings.Level.INFO, Map.of(), LogSettings.Format.JSON));
        logger.warn("odd");
        List<String> lines = lines();
        assertTrue(lines.get(0).matches("<6>.* INFO  X - started ?"), lines.get(0));
        assertTrue(lines.get(1).startsWith("<3>"), lines.get(1));
        assertTrue(lines.get(1).contains("X - failed?second java.io.IOException: why | at "), lines.get(1));
        assertTrue(lines.get(lines.size() - 1).startsWith("<4>{"), lines.toString());
    }

    @Test
    void isLeftAloneWhereTheCommandLineNamesAConfigurationOfItsOwn() {
        Map<String, Appender> before = Map.copyOf(context.getConfiguration().getAppenders());
        LogOutput output = new LogOutput(context, true, false);
        output.apply(settings(LogSettings.Level.ERROR, Map.of(), LogSettings.Format.JSON));
        assertEquals(before, context.getConfiguration().getAppenders());
        assertTrue(context.getLogger("io.penstock.X").isInfoEnabled());
    }

    @Test
    void goesToTheJournalOnlyIfTheVariableNamesThisVeryStream() throws IOException {
        Path socket = Files.createSymbolicLink(folder.resolve("2"), Path.of("socket:[4711]"));
        assertTrue(Journal.isStandardError(Map.of("JOURNAL_STREAM", "8:4711"), socket));
        assertFalse(Journal.isStandardError(Map.of("JOURNAL_STREAM", "8:4712"), socket));
        assertFalse(Journal.isStandardError(Map.of("JOURNAL_STREAM", "nonsense"), socket));
        assertFalse(Journal.isStandardError(Map.of(), socket));
        assertFalse(Journal.isStandardError(Map.of("JOURNAL_STREAM", "8:4711"), folder.resolve("none")));
    }
}
