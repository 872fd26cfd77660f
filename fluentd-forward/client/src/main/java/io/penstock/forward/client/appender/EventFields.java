package io.penstock.forward.client.appender;

import io.penstock.forward.client.EntryWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields that an event brings itself, such as key-value pairs. A name that the record has already gets the prefix
 * {@code data.}, and a name that repeats gets a list of its values, so that each name is in a record once. One event,
 * one thread.
 */
public final class EventFields {
    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    /** Several values of one name. */
    private static final class Repeated {
        final List<@Nullable Object> values = new ArrayList<>();
    }

    public void add(String name, @Nullable Object value) {
        String free = RecordNames.free(name);
        if (!values.containsKey(free)) {
            values.put(free, value);
            return;
        }
        Object present = values.get(free);
        if (present instanceof Repeated) {
            ((Repeated) present).values.add(value);
        } else {
            Repeated both = new Repeated();
            both.values.add(present);
            both.values.add(value);
            values.put(free, both);
        }
    }

    public void writeTo(EntryWriter record) {
        values.forEach((name, value) -> {
            record.name(name);
            Values.write(record, value instanceof Repeated ? ((Repeated) value).values : value);
        });
    }

    /** True if the event brings a field of this name. */
    public boolean has(String name) {
        return values.containsKey(name);
    }
}
