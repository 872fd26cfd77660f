package io.penstock.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import io.penstock.forward.client.EntryWriter;
import io.penstock.forward.client.appender.RecordFields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record with the output of a Logback encoder as {@code message}, the logger's name as {@code log.logger} (a server
 * may route by it) and the configured fields. Line ends at the end of the output are removed. What an encoder makes of
 * a layout is sent as UTF-8, whatever its charset; the output of others is taken for UTF-8.
 */
final class TextEncoder implements EventEncoder {
    private final Encoder<ILoggingEvent> encoder;
    private final @Nullable Layout<ILoggingEvent> layout;
    private final Field[] fields;

    TextEncoder(Encoder<ILoggingEvent> encoder, List<Field> fields) {
        this.encoder = encoder;
        this.layout = encoder instanceof LayoutWrappingEncoder
                ? ((LayoutWrappingEncoder<ILoggingEvent>) encoder).getLayout()
                : null;
        this.fields = fields.toArray(Field[]::new);
    }

    @Override
    public void encode(ILoggingEvent event, EntryWriter record) {
        if (layout == null) {
            RecordFields.text(record, event.getLoggerName(), encoder.encode(event));
        } else {
            RecordFields.text(record, event.getLoggerName(), layout.doLayout(event));
        }
        for (Field field : fields) {
            record.name(field.name()).recurring(field.value());
        }
    }
}
