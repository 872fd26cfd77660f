package io.penstock.agent.logging;

import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Nearest;
import io.penstock.base.settings.Written;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code log:} */
public record LogSettings(
        @Key(usual = "info")
        @Doc("the least urgent lines that are logged: `error`, `warn`, `info`, `debug` or `trace`; see"
                + " [Logs](operations.md#logs)")
        Level level,

        @Key
        @Doc("the same for single loggers, by their names or the beginning of these, such as"
                + " `io.penstock.delivery.sender: debug`")
        Map<String, String> levels,

        @Key(usual = "text") @Doc("the form of a line: `text`, or `json`, an object of the Elastic Common Schema")
        Format format)
        implements Completed<LogSettings> {
    /** What holds without the section. */
    public static final LogSettings USUAL = new LogSettings(Level.INFO, Map.of(), Format.TEXT);

    private static final List<String> LEVELS = Arrays.stream(Level.values())
            .map(level -> level.name().toLowerCase(Locale.ROOT))
            .toList();

    public LogSettings {
        levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
    }

    /** How urgent a line is. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** What a line looks like. */
    public enum Format {
        TEXT,
        JSON
    }

    @Override
    public LogSettings completed(Written log) {
        levels.forEach((logger, level) -> {
            if (!LEVELS.contains(level)) {
                log.section("levels")
                        .wrong(
                                logger,
                                "\"" + level + "\" is no level",
                                Nearest.remedy(level, LEVELS, "write one of " + String.join(", ", LEVELS)));
            }
        });
        return this;
    }
}
