package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Property;

/**
 * A record with the layout's output as {@code message}, the logger's name as {@code log.logger} (a server may route by
 * it) and the configured fields. Line ends at the end of the layout's output are removed.
 */
final class LayoutEncoder implements EventEncoder {
    private final Layout<?> layout;
    private final Property[] fields;

    LayoutEncoder(Layout<?> layout, Property[] fields) {
        this.layout = layout;
        this.fields = fields.clone();
    }

    @Override
    public void encode(LogEvent event, EntryWriter record, StringBuilder scratch) {
        byte[] text = layout.toByteArray(event);
        int length = text.length;
        while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
            length--;
        }
        String logger = event.getLoggerName();
        record.name("log.logger").value(logger == null ? "" : logger);
        record.name("message").utf8(text, 0, length);
        for (Property field : fields) {
            record.name(field.getName()).value(field.getValue());
        }
    }
}
