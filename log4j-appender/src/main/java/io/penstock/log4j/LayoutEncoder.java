package io.penstock.log4j;

import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.appender.RecordFields;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.config.Property;

/**
 * A record with the layout's output as {@code message}, the logger's name as {@code log.logger} (a server may route by
 * it) and the configured fields. Line ends at the end of the layout's output are removed. The text is sent as UTF-8 in
 * whatever charset the layout writes.
 */
final class LayoutEncoder implements EventEncoder {
    private final Layout<?> layout;
    private final Property[] fields;
    private final boolean encodesOtherwise;

    LayoutEncoder(Layout<?> layout, Property[] fields) {
        this.layout = layout;
        this.fields = fields.clone();
        Charset charset = layout instanceof StringLayout ? ((StringLayout) layout).getCharset() : null;
        this.encodesOtherwise = charset != null
                && !charset.equals(StandardCharsets.UTF_8)
                && !charset.equals(StandardCharsets.US_ASCII);
    }

    @Override
    public void encode(LogEvent event, EntryWriter record, StringBuilder scratch) {
        if (encodesOtherwise) {
            RecordFields.text(record, event.getLoggerName(), ((StringLayout) layout).toSerializable(event));
        } else {
            RecordFields.text(record, event.getLoggerName(), layout.toByteArray(event));
        }
        for (Property field : fields) {
            record.name(field.getName()).value(field.getValue());
        }
    }
}
