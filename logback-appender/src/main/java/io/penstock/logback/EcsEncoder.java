package io.penstock.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.appender.EventFields;
import io.penstock.forward.client.appender.RecordFields;
import io.penstock.forward.client.appender.RecordNames;
import io.penstock.forward.client.appender.Values;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/**
 * The default record, with the names of {@link RecordNames}: level, logger, thread and message; if the event has them,
 * {@code labels} (the MDC), markers, error and location; then the event's key-value pairs, and the configured fields
 * that are not among them. The time is the entry's own, which a server writes as {@code @timestamp}.
 */
final class EcsEncoder implements EventEncoder {
    private final Field[] fields;
    private final boolean locations;

    EcsEncoder(List<Field> fields, boolean locations) {
        this.fields = fields.toArray(Field[]::new);
        this.locations = locations;
    }

    @Override
    public void encode(ILoggingEvent event, EntryWriter record) {
        RecordFields.head(record, event.getLevel().toString(), event.getLoggerName(), event.getThreadName());
        RecordFields.message(record, message(event));
        RecordFields.labels(record, event.getMDCPropertyMap());
        List<Marker> markers = event.getMarkerList();
        if (markers != null && !markers.isEmpty()) {
            RecordFields.markers(record, withReferences(markers));
        }
        error(event.getThrowableProxy(), record);
        if (locations) {
            StackTraceElement[] callers = event.getCallerData();
            if (callers != null && callers.length > 0) {
                RecordFields.origin(record, callers[0]);
            }
        }
        EventFields own = own(event.getKeyValuePairs());
        if (own != null) {
            own.writeTo(record);
        }
        for (Field field : fields) {
            if (own == null || !own.has(field.name())) {
                record.name(field.name()).recurring(field.value());
            }
        }
    }

    /** The arguments are foreign objects, and Logback formats them here. */
    private static @Nullable String message(ILoggingEvent event) {
        try {
            return event.getFormattedMessage();
        } catch (RuntimeException e) {
            return Values.threw(e);
        }
    }

    /** The event's markers, those that they refer to, and so on; each once, also if they refer to each other. */
    private static Set<String> withReferences(List<Marker> markers) {
        Set<String> names = new LinkedHashSet<>();
        ArrayDeque<Marker> left = new ArrayDeque<>(markers);
        for (Marker next = left.poll(); next != null; next = left.poll()) {
            if (names.add(next.getName()) && next.hasReferences()) {
                next.iterator().forEachRemaining(left::add);
            }
        }
        return names;
    }

    private static void error(@Nullable IThrowableProxy thrown, EntryWriter record) {
        if (thrown != null) {
            RecordFields.error(record, thrown.getClassName(), thrown.getMessage(), ThrowableProxyUtil.asString(thrown));
        }
    }

    private static @Nullable EventFields own(@Nullable List<KeyValuePair> pairs) {
        if (pairs == null || pairs.isEmpty()) {
            return null;
        }
        EventFields own = new EventFields();
        for (KeyValuePair pair : pairs) {
            own.add(String.valueOf(pair.key), pair.value);
        }
        return own;
    }
}
