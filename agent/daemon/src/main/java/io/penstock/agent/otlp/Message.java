package io.penstock.agent.otlp;

import io.penstock.agent.otlp.Field.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that OTLP carries logs in, with the fields that are kept (opentelemetry-proto 1.11: logs_service.proto,
 * logs.proto, resource.proto, common.proto). All other fields are unknown here and ignored. Immutable.
 */
final class Message {
    /** Larger than every field number. */
    static final int NUMBERS = 16;

    static final Field REQUEST_RESOURCE_LOGS = Field.repeated(1, "resourceLogs", () -> Message.RESOURCE_LOGS);

    static final Message REQUEST = new Message(REQUEST_RESOURCE_LOGS);

    static final Field LOGS_RESOURCE = Field.message(1, "resource", () -> Message.RESOURCE);
    static final Field LOGS_SCOPE_LOGS = Field.repeated(2, "scopeLogs", () -> Message.SCOPE_LOGS);
    static final Field LOGS_SCHEMA_URL = Field.of(3, "schemaUrl", Kind.STRING);

    static final Message RESOURCE_LOGS = new Message(LOGS_RESOURCE, LOGS_SCOPE_LOGS, LOGS_SCHEMA_URL);

    static final Field RESOURCE_ATTRIBUTES = Field.repeated(1, "attributes", () -> Message.KEY_VALUE);

    static final Message RESOURCE =
            new Message(RESOURCE_ATTRIBUTES, Field.of(2, "droppedAttributesCount", Kind.UINT32));

    static final Field SCOPE_LOGS_SCOPE = Field.message(1, "scope", () -> Message.SCOPE);
    static final Field SCOPE_LOGS_RECORDS = Field.repeated(2, "logRecords", () -> Message.LOG_RECORD);
    static final Field SCOPE_LOGS_SCHEMA_URL = Field.of(3, "schemaUrl", Kind.STRING);

    static final Message SCOPE_LOGS = new Message(SCOPE_LOGS_SCOPE, SCOPE_LOGS_RECORDS, SCOPE_LOGS_SCHEMA_URL);

    static final Message SCOPE = new Message(
            Field.of(1, "name", Kind.STRING),
            Field.of(2, "version", Kind.STRING),
            Field.repeated(3, "attributes", () -> Message.KEY_VALUE),
            Field.of(4, "droppedAttributesCount", Kind.UINT32));

    static final Field TIME = Field.of(1, "timeUnixNano", Kind.FIXED64);
    static final Field OBSERVED_TIME = Field.of(11, "observedTimeUnixNano", Kind.FIXED64);
    static final Field RECORD_ATTRIBUTES = Field.repeated(6, "attributes", () -> Message.KEY_VALUE);

    static final Message LOG_RECORD = new Message(
            TIME,
            OBSERVED_TIME,
            Field.of(2, "severityNumber", Kind.INT32),
            Field.of(3, "severityText", Kind.STRING),
            Field.of(12, "eventName", Kind.STRING),
            Field.message(5, "body", () -> Message.ANY_VALUE),
            RECORD_ATTRIBUTES,
            Field.of(7, "droppedAttributesCount", Kind.UINT32),
            Field.of(8, "flags", Kind.FIXED32),
            Field.of(9, "traceId", Kind.TRACE_ID),
            Field.of(10, "spanId", Kind.SPAN_ID));

    static final Field KEY = Field.of(1, "key", Kind.STRING);
    static final Field VALUE = Field.message(2, "value", () -> Message.ANY_VALUE);

    static final Message KEY_VALUE = new Message(KEY, VALUE);

    static final Field STRING_VALUE = Field.of(1, "stringValue", Kind.STRING);

    /** At most one of its fields is set: the one that came last. */
    static final Message ANY_VALUE = new Message(
            STRING_VALUE,
            Field.of(2, "boolValue", Kind.BOOL),
            Field.of(3, "intValue", Kind.INT64),
            Field.of(4, "doubleValue", Kind.DOUBLE),
            Field.message(5, "arrayValue", () -> Message.ARRAY_VALUE),
            Field.message(6, "kvlistValue", () -> Message.KEY_VALUE_LIST),
            Field.of(7, "bytesValue", Kind.BYTES));

    static final Message ARRAY_VALUE = new Message(Field.repeated(1, "values", () -> Message.ANY_VALUE));

    static final Message KEY_VALUE_LIST = new Message(Field.repeated(1, "values", () -> Message.KEY_VALUE));

    private final List<Field> fields;
    private final @Nullable Field[] byNumber = new @Nullable Field[NUMBERS];

    private Message(Field... fields) {
        this.fields = List.of(fields);
        for (Field field : fields) {
            byNumber[field.number()] = field;
        }
    }

    /** In the order in which a record has them. */
    List<Field> fields() {
        return fields;
    }

    @Nullable
    Field field(long number) {
        return number < NUMBERS ? byNumber[(int) number] : null;
    }

    @Nullable
    Field field(byte[] name, int from, int to) {
        for (Field field : fields) {
            if (field.isNamed(name, from, to)) {
                return field;
            }
        }
        return null;
    }
}
