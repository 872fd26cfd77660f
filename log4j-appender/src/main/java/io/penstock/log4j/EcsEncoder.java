package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.apache.logging.log4j.util.StringBuilderFormattable;
import org.apache.logging.log4j.util.TriConsumer;

/**
 * The default record, with the names of the Elastic Common Schema: {@code log.level}, {@code log.logger}, {@code
 * process.thread.name} and {@code message}; if the event has them, {@code labels} (the context map), {@code tags} (the
 * context stack), {@code log.marker}, {@code error.type}, {@code error.message}, {@code error.stack_trace} and {@code
 * log.origin}; then the configured fields. The time is the entry's own, which a server writes as {@code @timestamp}.
 */
final class EcsEncoder implements EventEncoder {
    private static final TriConsumer<String, Object, EntryWriter> LABEL =
            (key, value, record) -> record.name(key).value(String.valueOf(value));

    private final Property[] fields;
    private final boolean locations;

    EcsEncoder(Property[] fields, boolean locations) {
        this.fields = fields.clone();
        this.locations = locations;
    }

    @Override
    public void encode(LogEvent event, EntryWriter record, StringBuilder scratch) {
        record.name("log.level").recurring(event.getLevel().name());
        String logger = event.getLoggerName();
        record.name("log.logger").recurring(logger == null ? "" : logger);
        record.name("process.thread.name").recurring(event.getThreadName());
        message(event.getMessage(), record, scratch);
        context(event, record);
        Marker marker = event.getMarker();
        if (marker != null) {
            record.name("log.marker").recurring(marker.getName());
        }
        error(event, record);
        if (locations && event.getSource() != null) {
            location(event.getSource(), record);
        }
        for (Property field : fields) {
            record.name(field.getName()).recurring(field.getValue());
        }
    }

    private static void message(Message message, EntryWriter record, StringBuilder scratch) {
        record.name("message");
        if (message instanceof StringBuilderFormattable) {
            ((StringBuilderFormattable) message).formatTo(scratch);
            record.value(scratch);
        } else {
            String text = message == null ? null : message.getFormattedMessage();
            record.value(text == null ? "" : text);
        }
    }

    private static void context(LogEvent event, EntryWriter record) {
        ReadOnlyStringMap map = event.getContextData();
        if (map != null && !map.isEmpty()) {
            record.name("labels").map();
            map.forEach(LABEL, record);
            record.close();
        }
        ThreadContext.ContextStack stack = event.getContextStack();
        if (stack != null && stack.getDepth() > 0) {
            record.name("tags").list();
            List<String> entries = stack.asList();
            for (String entry : entries) {
                record.value(entry);
            }
            record.close();
        }
    }

    private static void error(LogEvent event, EntryWriter record) {
        Throwable thrown = event.getThrown();
        if (thrown != null) {
            record.name("error.type").value(thrown.getClass().getName());
            String message = thrown.getMessage();
            if (message != null) {
                record.name("error.message").value(message);
            }
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            record.name("error.stack_trace").value(trace.toString());
        }
    }

    private static void location(StackTraceElement source, EntryWriter record) {
        record.name("log.origin").map();
        record.name("function").value(source.getClassName() + '.' + source.getMethodName());
        String file = source.getFileName();
        if (file != null) {
            record.name("file.name").value(file);
        }
        record.name("file.line").value(source.getLineNumber());
        record.close();
    }
}
