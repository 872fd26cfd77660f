package io.penstock.agent.log4j;

import io.penstock.agent.ingest.BodyEvent;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.JsonScanner;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Source;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.EntryBlock;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes the records of lines: a JSON object as it came with time and id where it has none, any other text as {@code
 * {"message": ...}}. Finds the logger's name under the names that Log4j's layouts give it. One per event loop.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LineRecords {
    /** Of JsonTemplateLayout's ECS, Logstash and GELF templates, and of JsonLayout. */
    private static final List<JsonPath> LOGGER = List.of(
            JsonPath.of("log.logger"),
            JsonPath.of("logger_name"),
            JsonPath.of("loggerName"),
            JsonPath.of("logger"),
            JsonPath.of("_logger"),
            JsonPath.of("log", "logger"));

    private static final int LONGEST_LOGGER = 1024;

    private final Intake intake;
    private final EventWriter writer;
    private final JsonScanner scanner = new JsonScanner();
    private final JsonFields fields = new JsonFields();
    private final GrowingBytes name = new GrowingBytes(64, LONGEST_LOGGER);

    private final BodyEvent event = new BodyEvent();
    private byte[] bytes = {};
    private int from;
    private int to;
    private boolean object;
    private String logger = "";

    LineRecords(Intake intake, EventWriter writer) {
        this.intake = intake;
        this.writer = writer;
    }

    /** Looks at a line: where it goes. */
    Routed look(byte[] line, int begin, int end) {
        bytes = line;
        from = begin;
        to = end;
        object = line[begin] == '{' && scanner.isValue(line, begin, end);
        logger = object ? logger() : "";
        return intake.router().route(Source.LOG4J, KeyFields.loggedBy(logger));
    }

    private String logger() {
        for (JsonPath path : LOGGER) {
            name.clear();
            if (fields.text(bytes, from, to, path, name) && !name.overflowed()) {
                return new String(name.array(), 0, name.length(), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** Writes the line looked at last, if it is not too large; what is no UTF-8 in it is replaced. */
    Written write(Destination destination, int maxBytes, EntryBlock block) {
        if (object) {
            return writer.write(event.object(bytes, from, to).loggedBy(logger), destination, maxBytes, block);
        }
        Written written = writer.write(event.text(bytes, from, to), destination, maxBytes, block);
        if (written == Written.NOT_UTF8) {
            byte[] mended = new String(bytes, from, to - from, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            written = writer.write(event.text(mended, 0, mended.length), destination, maxBytes, block);
        }
        return written;
    }

    /** As {@link EventWriter#size}. */
    int size() {
        return writer.size();
    }
}
