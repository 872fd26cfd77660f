package io.penstock.agent.logging;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;

/**
 * Gives the process's log the levels and the form of the settings, at the start and at each reload. Lines that are being
 * written while the form changes have one of both. Loggers of libraries keep their levels unless {@code log.levels}
 * names them. Does nothing if the command line names a Log4j configuration of its own. One thread at a time.
 */
public final class LogOutput {
    private static final String OWN_FILE = "log4j2.configurationFile";
    private static final String OWN_FILE_VARIABLE = "LOG4J_CONFIGURATION_FILE";

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

    /**
     * Begins the log of this process. To be called once, before a class that logs is loaded: Log4j would begin with a
     * configuration of its own.
     */
    public static void begin() {
        if (isOurs()) {
            Configurator.initialize(LogOutput.class.getClassLoader(), new UsualLog());
        }
    }

    private static boolean isOurs() {
        return System.getProperty(OWN_FILE) == null && System.getenv(OWN_FILE_VARIABLE) == null;
    }

    /** Of this process. */
    public static LogOutput ofProcess() {
        return new LogOutput(
                (LoggerContext) LogManager.getContext(false),
                Journal.isStandardError(System.getenv(), Path.of("/proc/self/fd/2")),
                isOurs());
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
        Appender next = UsualLog.appender(configuration, layout(configuration));
        next.start();
        root.removeAppender(UsualLog.APPENDER);
        root.addAppender(next, null, null);
        configuration.addAppender(next);
        context.updateLoggers();
    }

    private Layout<?> layout(Configuration configuration) {
        return format == LogSettings.Format.JSON
                ? new OneLineJson(configuration, journal)
                : new TextLine(configuration, journal);
    }
}
