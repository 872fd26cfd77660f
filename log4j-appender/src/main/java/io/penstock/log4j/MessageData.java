package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.appender.EventFields;
import io.penstock.forward.client.appender.RecordNames;
import io.penstock.forward.client.appender.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.message.MapMessage;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.ObjectMessage;
import org.apache.logging.log4j.message.ReusableMessage;
import org.apache.logging.log4j.message.StructuredDataCollectionMessage;
import org.apache.logging.log4j.message.StructuredDataMessage;
import org.apache.logging.log4j.util.StringBuilderFormattable;
import org.jspecify.annotations.Nullable;

/**
 * What one message holds beside its text. Each entry of a {@link MapMessage}, and of a map that is logged as an object,
 * is a field. Structured data has {@code sd.id} and {@code sd.type} as well, and a collection of it is the list {@code
 * sd}. Most messages hold nothing and have no object of this type. One event, one thread.
 */
final class MessageData {
    private static final String ID = "sd.id";
    private static final String TYPE = "sd.type";
    private static final String COLLECTION = "sd";

    private final Message message;
    private final EventFields fields;
    /** The text that the application gave; without one Log4j formats the message. */
    private final @Nullable String given;

    private MessageData(Message message, EventFields fields, @Nullable String given) {
        this.message = message;
        this.fields = fields;
        this.given = given;
    }

    /** What the message holds; null if it is a text and nothing else. */
    static @Nullable MessageData of(@Nullable Message message) {
        if (message == null) {
            return null;
        }
        if (message instanceof StructuredDataMessage) {
            return structured((StructuredDataMessage) message);
        }
        if (message instanceof MapMessage) {
            return entries(message, ((MapMessage<?, ?>) message).getData());
        }
        if (message instanceof StructuredDataCollectionMessage) {
            return collection((StructuredDataCollectionMessage) message);
        }
        Object logged = logged(message);
        return logged instanceof Map ? entries(message, (Map<?, ?>) logged) : null;
    }

    private static MessageData structured(StructuredDataMessage message) {
        EventFields fields = new EventFields();
        if (message.getId() != null) {
            fields.add(ID, message.getId().toString());
        }
        if (message.getType() != null) {
            fields.add(TYPE, message.getType());
        }
        message.getData().forEach(fields::add);
        String text = message.getFormat();
        return new MessageData(message, fields, text == null || text.isEmpty() ? null : text);
    }

    private static MessageData entries(Message message, Map<?, ?> entries) {
        EventFields fields = new EventFields();
        String text = null;
        try {
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                String name = Values.text(entry.getKey());
                if (name.equals(RecordNames.MESSAGE) && entry.getValue() != null) {
                    text = Values.text(entry.getValue());
                } else {
                    fields.add(name, entry.getValue());
                }
            }
        } catch (RuntimeException e) {
            // The application changes its map while it is logged.
            fields.add("...", Values.threw(e));
        }
        return new MessageData(message, fields, text);
    }

    private static MessageData collection(StructuredDataCollectionMessage messages) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (StructuredDataMessage each : messages) {
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("id", Values.text(each.getId()));
            entries.put("type", Values.text(each.getType()));
            entries.putAll(each.getData());
            all.add(entries);
        }
        EventFields fields = new EventFields();
        fields.add(COLLECTION, all);
        return new MessageData(messages, fields, null);
    }

    /** The object that was logged, if one was. Log4j's reused messages have it as their only parameter. */
    private static @Nullable Object logged(Message message) {
        if (message instanceof ObjectMessage) {
            return ((ObjectMessage) message).getParameter();
        }
        if (message instanceof ReusableMessage
                && ((ReusableMessage) message).getParameterCount() == 1
                && message.getFormat() == null) {
            Object[] parameters = message.getParameters();
            return parameters == null || parameters.length == 0 ? null : parameters[0];
        }
        return null;
    }

    /** @param scratch an empty buffer, which the result may be */
    CharSequence text(StringBuilder scratch) {
        return given == null ? format(message, scratch) : given;
    }

    /**
     * The text as Log4j formats it.
     *
     * @param scratch an empty buffer, which the result may be
     */
    static CharSequence format(@Nullable Message message, StringBuilder scratch) {
        try {
            if (message instanceof StringBuilderFormattable) {
                ((StringBuilderFormattable) message).formatTo(scratch);
                return scratch;
            }
            String text = message == null ? null : message.getFormattedMessage();
            return text == null ? "" : text;
        } catch (RuntimeException e) {
            return Values.threw(e);
        }
    }

    void writeTo(EntryWriter record) {
        fields.writeTo(record);
    }

    boolean has(String name) {
        return fields.has(name);
    }
}
