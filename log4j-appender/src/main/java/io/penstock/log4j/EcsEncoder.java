package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.appender.RecordFields;
import io.penstock.forward.client.appender.RecordNames;
import io.penstock.forward.client.appender.Values;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.apache.logging.log4j.util.TriConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The default record, with the names of {@link RecordNames}: level, logger, thread and message; if the event has them,
 * {@code labels} (the context map), {@code tags} (the context stack), markers, error and location; then the fields that
 * the message holds, and the configured ones that the message does not. The time is the entry's own, which a server
 * writes as {@code @timestamp}.
 */
final class EcsEncoder implements EventEncoder {
    private static final TriConsumer<String, Object, EntryWriter> LABEL =
            (key, value, record) -> record.name(key).value(Values.text(value));

    private final Property[] fields;
    private final boolean locations;

    EcsEncoder(Property[] fields, boolean locations) {
        this.fields = fields.clone();
        this.locations = locations;
    }

    @Override
    public void encode(LogEvent event, EntryWriter record, StringBuilder scratch) {
        RecordFields.head(record, event.getLevel().name(), event.getLoggerName(), event.getThreadName());
        MessageData data = MessageData.of(event.getMessage());
        RecordFields.message(
                record, data == null ? MessageData.format(event.getMessage(), scratch) : data.text(scratch));
        context(event, record);
        markers(event.getMarker(), record);
        error(event.getThrown(), record);
        if (locations && event.getSource() != null) {
            RecordFields.origin(record, event.getSource());
        }
        if (data != null) {
            data.writeTo(record);
        }
        for (Property field : fields) {
            if (data == null || !data.has(field.getName())) {
                record.name(field.getName()).recurring(field.getValue());
            }
        }
    }

    private static void context(LogEvent event, EntryWriter record) {
        ReadOnlyStringMap map = event.getContextData();
        if (map != null && !map.isEmpty()) {
            record.name(RecordNames.LABELS).map();
            map.forEach(LABEL, record);
            record.close();
        }
        ThreadContext.ContextStack stack = event.getContextStack();
        if (stack != null && stack.getDepth() > 0) {
            record.name(RecordNames.TAGS).list();
            List<String> entries = stack.asList();
            for (String entry : entries) {
                record.value(entry);
            }
            record.close();
        }
    }

    private static void markers(@Nullable Marker marker, EntryWriter record) {
        if (marker == null) {
            return;
        }
        if (marker.hasParents()) {
            RecordFields.markers(record, withParents(marker));
        } else {
            record.name(RecordNames.MARKER).recurring(marker.getName());
        }
    }

    /** The marker, its parents, theirs, and so on; each once, also if they are each other's parents. */
    private static Set<String> withParents(Marker marker) {
        Set<String> names = new LinkedHashSet<>();
        ArrayDeque<Marker> left = new ArrayDeque<>();
        left.add(marker);
        for (Marker next = left.poll(); next != null; next = left.poll()) {
            if (names.add(next.getName()) && next.hasParents()) {
                Collections.addAll(left, next.getParents());
            }
        }
        return names;
    }

    private static void error(@Nullable Throwable thrown, EntryWriter record) {
        if (thrown == null) {
            return;
        }
        String message;
        String trace;
        try {
            message = thrown.getMessage();
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            trace = text.toString();
        } catch (RuntimeException e) {
            message = null;
            trace = Values.threw(e);
        }
        RecordFields.error(record, thrown.getClass().getName(), message, trace);
    }
}
