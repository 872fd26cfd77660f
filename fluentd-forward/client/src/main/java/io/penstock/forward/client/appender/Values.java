package io.penstock.forward.client.appender;

import io.penstock.forward.client.EntryWriter;
import java.lang.reflect.Array;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the objects that applications put into events. Texts, numbers that msgpack has, booleans and null are written
 * as what they are; maps, lists and arrays with their elements, up to {@value #DEEPEST} levels deep; anything else as
 * its text. The objects are foreign: what they throw ends their part of the record and never the event.
 */
public final class Values {
    private static final int DEEPEST = 8;

    private Values() {}

    /** Writes the value of a field whose name was just written. */
    public static void write(EntryWriter record, @Nullable Object value) {
        write(record, value, 0);
    }

    /** The text of an object; if the object throws, what it threw. Never null. */
    public static String text(@Nullable Object value) {
        try {
            return String.valueOf(String.valueOf(value));
        } catch (RuntimeException | StackOverflowError e) {
            return threw(e);
        }
    }

    /** What stands for a text that could not be had. It names the type only, because messages may hold payload. */
    public static String threw(Throwable thrown) {
        return "(unreadable: " + thrown.getClass().getName() + ")";
    }

    private static void write(EntryWriter record, @Nullable Object value, int depth) {
        if (value == null) {
            record.nil();
        } else if (value instanceof String) {
            record.value((String) value);
        } else if (value instanceof Boolean) {
            record.value(((Boolean) value).booleanValue());
        } else if (value instanceof Double || value instanceof Float) {
            number(record, ((Number) value).doubleValue());
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            record.value(((Number) value).longValue());
        } else if (depth < DEEPEST && value instanceof Map) {
            map(record, (Map<?, ?>) value, depth + 1);
        } else if (depth < DEEPEST && value instanceof Iterable && !(value instanceof java.nio.file.Path)) {
            list(record, (Iterable<?>) value, depth + 1);
        } else if (depth < DEEPEST && value.getClass().isArray()) {
            array(record, value, depth + 1);
        } else {
            record.value(text(value));
        }
    }

    /** JSON, which most records become, has no number for what is not finite. */
    private static void number(EntryWriter record, double value) {
        if (Double.isFinite(value)) {
            record.value(value);
        } else {
            record.value(Double.toString(value));
        }
    }

    private static void map(EntryWriter record, Map<?, ?> map, int depth) {
        record.map();
        try {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (record.overflowed()) {
                    break;
                }
                String name = text(entry.getKey());
                Object value = entry.getValue();
                record.name(name);
                write(record, value, depth);
            }
        } catch (RuntimeException e) {
            record.name("...").value(threw(e));
        }
        record.close();
    }

    private static void list(EntryWriter record, Iterable<?> list, int depth) {
        record.list();
        try {
            for (Object value : list) {
                if (record.overflowed()) {
                    break;
                }
                write(record, value, depth);
            }
        } catch (RuntimeException e) {
            record.value(threw(e));
        }
        record.close();
    }

    private static void array(EntryWriter record, Object array, int depth) {
        record.list();
        for (int i = 0; i < Array.getLength(array) && !record.overflowed(); i++) {
            write(record, Array.get(array, i), depth);
        }
        record.close();
    }
}
