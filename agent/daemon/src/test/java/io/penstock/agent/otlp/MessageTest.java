package io.penstock.agent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.penstock.agent.otlp.Field.Kind;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MessageTest {
    /** What logs do not use, or what is in development. */
    private static final Set<String> LEFT_OUT = Set.of("entityRefs", "stringValueStrindex", "keyStrindex");

    @Test
    void fieldsAreThoseOfOpenTelemetrysOwnSchema() {
        compare(Message.REQUEST, ExportLogsServiceRequest.getDescriptor(), new HashSet<>());
    }

    private static void compare(Message message, Descriptor schema, Set<Message> done) {
        if (!done.add(message)) {
            return;
        }
        Set<String> expected = new TreeSet<>();
        for (FieldDescriptor field : schema.getFields()) {
            if (!LEFT_OUT.contains(field.getJsonName())) {
                expected.add(field.getJsonName() + " " + field.getNumber() + " " + kind(field)
                        + (field.isRepeated() ? " repeated" : ""));
            }
        }
        Set<String> known = new TreeSet<>();
        for (Field field : message.fields()) {
            known.add(
                    field.name() + " " + field.number() + " " + field.kind() + (field.isRepeated() ? " repeated" : ""));
            if (field.kind() == Kind.MESSAGE) {
                FieldDescriptor described = schema.findFieldByNumber(field.number());
                compare(field.message(), described.getMessageType(), done);
            }
        }
        assertEquals(expected, known, schema.getFullName());
    }

    private static Kind kind(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE -> Kind.MESSAGE;
            case STRING -> Kind.STRING;
            case BOOL -> Kind.BOOL;
            case INT64 -> Kind.INT64;
            case INT32, ENUM -> Kind.INT32;
            case UINT32 -> Kind.UINT32;
            case FIXED32 -> Kind.FIXED32;
            case FIXED64 -> Kind.FIXED64;
            case DOUBLE -> Kind.DOUBLE;
            case BYTES ->
                switch (field.getJsonName()) {
                    case "traceId" -> Kind.TRACE_ID;
                    case "spanId" -> Kind.SPAN_ID;
                    default -> Kind.BYTES;
                };
            default -> throw new AssertionError(field.getFullName());
        };
    }
}
