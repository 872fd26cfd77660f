package io.penstock.agent.logging;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.jspecify.annotations.Nullable;

/**
 * A line of text for each event, and the beginning of its stack trace: below it, or in the same line for the journal.
 * Texts are cut, so that a line is bounded. Log4j's pattern layout would do the same, but loads all of its plug-ins at
 * the start for it. Thread-safe.
 */
final class TextLine extends AbstractStringLayout {
    private static final int LONGEST_TEXT = 8_000;
    private static final int TRACE_LINES = 8;
    /** With line feeds: a name that a client chose must not begin a line of its own. */
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]");

    private static final Pattern CONTROL_IN_TRACE = Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");
    private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+\\s*");

    private final boolean journal;

    TextLine(Configuration configuration, boolean journal) {
        super(configuration, StandardCharsets.UTF_8, null, null);
        this.journal = journal;
    }

    /** What formats dates is loaded with the first line, which many starts do not write. */
    private static final class Times {
        static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
                .withZone(ZoneId.systemDefault());

        private Times() {}
    }

    @Override
    public String toSerializable(LogEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (journal) {
            line.append(OneLineJson.priority(event.getLevel()));
        }
        Times.FORM.formatTo(
                Instant.ofEpochSecond(
                        event.getInstant().getEpochSecond(), event.getInstant().getNanoOfSecond()),
                line);
        String level = event.getLevel().name();
        line.append(' ').append(level).append(" ".repeat(Math.max(1, 6 - level.length())));
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(" - ");
        line.append(
                CONTROL.matcher(cut(event.getMessage().getFormattedMessage())).replaceAll("?"));
        Throwable thrown = event.getThrown();
        if (thrown != null) {
            line.append(journal ? ' ' : '\n').append(trace(thrown));
        }
        return line.append('\n').toString();
    }

    private String trace(Throwable thrown) {
        FirstLines lines = new FirstLines();
        thrown.printStackTrace(new PrintWriter(lines));
        String text = cut(lines.text.toString().strip());
        String shown = journal ? LINE_ENDS.matcher(text).replaceAll(" | ") : text;
        return CONTROL_IN_TRACE.matcher(shown).replaceAll("?");
    }

    private static String cut(@Nullable String text) {
        String present = String.valueOf(text);
        return present.length() <= LONGEST_TEXT ? present : present.substring(0, LONGEST_TEXT) + "...";
    }

    /** Keeps the first lines only, and of them no more than are shown. */
    private static final class FirstLines extends Writer {
        private final StringBuilder text = new StringBuilder();
        private int ends;

        @Override
        public void write(char[] chars, int from, int count) {
            for (int i = from; i < from + count && ends < TRACE_LINES && text.length() <= LONGEST_TEXT; i++) {
                text.append(chars[i]);
                ends += chars[i] == '\n' ? 1 : 0;
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
