package io.penstock.forward.client.appender;

import io.penstock.forward.client.EntryWriter;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the fields of the default record that all frameworks have. Stateless. */
public final class RecordFields {
    private RecordFields() {}

    /** Where the event comes from. */
    public static void head(EntryWriter record, String level, @Nullable String logger, @Nullable String thread) {
        record.name(RecordNames.LEVEL).recurring(level);
        record.name(RecordNames.LOGGER).recurring(logger == null ? "" : logger);
        record.name(RecordNames.THREAD).recurring(thread == null ? "" : thread);
    }

    public static void message(EntryWriter record, @Nullable CharSequence text) {
        record.name(RecordNames.MESSAGE).value(text == null ? "" : text);
    }

    /** What is set for the thread and not for the event. */
    public static void labels(EntryWriter record, @Nullable Map<String, String> labels) {
        if (labels != null && !labels.isEmpty()) {
            record.name(RecordNames.LABELS);
            Values.write(record, labels);
        }
    }

    /** @param names the markers of the event and all above them, the event's first one first; may be empty */
    public static void markers(EntryWriter record, Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        record.name(RecordNames.MARKER).recurring(names.iterator().next());
        if (names.size() > 1) {
            record.name(RecordNames.MARKERS).list();
            for (String name : names) {
                record.recurring(name);
            }
            record.close();
        }
    }

    public static void error(EntryWriter record, String type, @Nullable String message, String trace) {
        record.name(RecordNames.ERROR_TYPE).value(type);
        if (message != null) {
            record.name(RecordNames.ERROR_MESSAGE).value(message);
        }
        record.name(RecordNames.ERROR_TRACE).value(trace);
    }

    /** The place in the source code. */
    public static void origin(EntryWriter record, StackTraceElement place) {
        record.name(RecordNames.ORIGIN).map();
        record.name("function").value(place.getClassName() + '.' + place.getMethodName());
        String file = place.getFileName();
        if (file != null) {
            record.name("file.name").value(file);
        }
        record.name("file.line").value(place.getLineNumber());
        record.close();
    }

    /** A record of a text that the application has formatted itself. Line ends at the end of the text are left out. */
    public static void text(EntryWriter record, @Nullable String logger, CharSequence text) {
        int length = text.length();
        while (length > 0 && isLineEnd(text.charAt(length - 1))) {
            length--;
        }
        logger(record, logger);
        record.name(RecordNames.MESSAGE).value(text.subSequence(0, length));
    }

    /** As {@link #text(EntryWriter, String, CharSequence)}, of UTF-8. */
    public static void text(EntryWriter record, @Nullable String logger, byte[] utf8) {
        int length = utf8.length;
        while (length > 0 && isLineEnd((char) utf8[length - 1])) {
            length--;
        }
        logger(record, logger);
        record.name(RecordNames.MESSAGE).utf8(utf8, 0, length);
    }

    private static void logger(EntryWriter record, @Nullable String logger) {
        record.name(RecordNames.LOGGER).recurring(logger == null ? "" : logger);
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
