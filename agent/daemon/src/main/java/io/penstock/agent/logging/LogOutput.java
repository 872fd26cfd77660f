package io.penstock.agent.logging;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * Gives the process's log the levels and the form of the settings, at the start and at each reload. Lines that are being
 * written while the form changes have one of both. Loggers of libraries keep their levels unless {@code log.levels}
 * names them. Does nothing if the command line names a Log4j configuration of its own. One thread at a time.
 */
public final class LogOutput {
    private static final String OWN_FILE = "log4j2.configurationFile";
    private static final String APPENDER = "stderr";
    private static final String TIME = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} ";
    private static final String PRIORITY = "%level{FATAL=<3>,ERROR=<3>,WARN=<4>,INFO=<6>,DEBUG=<7>,TRACE=<7>}";
    private static final String CONTROL = "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]";
    /** Without line feeds: a name that a client chose must not begin a line of its own. */
    private static final String MESSAGE =
            "%-5level %c{1} - %replace{%maxLen{%msg}{8000}}{[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]}{?}";

    private static final String TRACE = "%n%replace{%maxLen{%throwable{8}}{8000}}{" + CONTROL + "}{?}";

    /** Each line of the journal has a priority, so that a stack trace is in the line of its message. */
    private static final String TRACE_IN_LINE =
            "%replace{%replace{%maxLen{%throwable{8}}{8000}}{[\\r\\n]+\\s*}{ | }}{" + CONTROL + "}{?}%n";

    private final LoggerContext context;
    private final boolean journal;
    private final boolean ours;
    private final Map<String, Level> former = new HashMap<>();
    private LogSettings.Format format = LogSettings.Format.TEXT;

    LogOutput(LoggerContext context, boolean journal, boolean ours) {
        this.context = context;
        this.journal = journal;
        this.ours = ours;
        if (ours && journal) {
            replaceLayout();
        }
    }

    /** Of this process. */
    public static LogOutput ofProcess() {
        return new LogOutput(
                (LoggerContext) LogManager.getContext(false),
                Journal.isStandardError(System.getenv(), Path.of("/proc/self/fd/2")),
                System.getProperty(OWN_FILE) == null);
    }

    /** From now on these hold. */
    public synchronized void apply(LogSettings settings) {
        if (!ours) {
            return;
        }
        if (settings.format() != format) {
            format = settings.format();
            replaceLayout();
        }
        Configuration configuration = context.getConfiguration();
        former.forEach((name, level) -> restore(configuration, name, level));
        former.clear();
        configuration.getRootLogger().setLevel(level(settings.level().name()));
        settings.levels().forEach((name, level) -> set(configuration, name, level(level)));
        context.updateLoggers();
    }

    private static Level level(String name) {
        return Level.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static void restore(Configuration configuration, String name, Level level) {
        if (level == Level.ALL) {
            configuration.removeLogger(name);
        } else {
            configuration.getLoggerConfig(name).setLevel(level);
        }
    }

    /** Remembers the level of a logger that has one; {@link Level#ALL}, which no logger has, for one that is made. */
    private void set(Configuration configuration, String name, Level level) {
        LoggerConfig known = configuration.getLoggerConfig(name);
        if (known.getName().equals(name)) {
            former.put(name, known.getLevel());
            known.setLevel(level);
        } else {
            former.put(name, Level.ALL);
            configuration.addLogger(name, new LoggerConfig(name, level, true));
        }
    }

    private void replaceLayout() {
        Configuration configuration = context.getConfiguration();
        LoggerConfig root = configuration.getRootLogger();
        Appender next = ConsoleAppender.newBuilder()
                .setName(APPENDER)
                .setConfiguration(configuration)
                .setTarget(ConsoleAppender.Target.SYSTEM_ERR)
                .setFollow(true)
                .setLayout(layout(configuration))
                .build();
        next.start();
        root.removeAppender(APPENDER);
        root.addAppender(next, null, null);
        configuration.addAppender(next);
        context.updateLoggers();
    }

    private Layout<?> layout(Configuration configuration) {
        if (format == LogSettings.Format.JSON) {
            return new OneLineJson(configuration, journal);
        }
        return PatternLayout.newBuilder()
                .withConfiguration(configuration)
                .withCharset(StandardCharsets.UTF_8)
                .withAlwaysWriteExceptions(false)
                .withPattern(journal ? PRIORITY + TIME + MESSAGE + " " + TRACE_IN_LINE : TIME + MESSAGE + TRACE)
                .build();
    }
}
