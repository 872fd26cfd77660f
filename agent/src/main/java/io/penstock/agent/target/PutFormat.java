package io.penstock.agent.target;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bodies of PutRecords and PutRecord and of their answers (Kinesis API reference), as CBOR or as JSON: the two
 * formats differ only in the encoder, data being a byte string in one and base64 in the other. Any thread.
 */
@SuppressWarnings("ImmutableEnumChecker") // factories are not changed once made
enum PutFormat {
    CBOR("application/x-amz-cbor-1.1", new CBORFactory()),
    JSON("application/x-amz-json-1.1", new JsonFactory());

    private static final int ENTRY_OVERHEAD = 64;

    private final String contentType;
    private final JsonFactory factory;

    PutFormat(String contentType, JsonFactory factory) {
        this.contentType = contentType;
        this.factory = factory;
    }

    String contentType() {
        return contentType;
    }

    byte[] putRecords(PutCall call) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(sizeOf(call));
        try (JsonGenerator out = factory.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("StreamName", call.stream());
            out.writeArrayFieldStart("Records");
            for (PutEntry entry : call.entries()) {
                out.writeStartObject();
                writeEntry(out, entry);
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return body.toByteArray();
    }

    byte[] putRecord(PutCall call) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(sizeOf(call));
        try (JsonGenerator out = factory.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("StreamName", call.stream());
            writeEntry(out, call.entries().get(0));
            out.writeEndObject();
        }
        return body.toByteArray();
    }

    private int sizeOf(PutCall call) {
        long size = (long) ENTRY_OVERHEAD + call.stream().length();
        for (PutEntry entry : call.entries()) {
            int data = entry.data().length;
            size += ENTRY_OVERHEAD + entry.partitionKey().length + (this == JSON ? data + data / 3L : data);
        }
        return Math.toIntExact(size);
    }

    private static void writeEntry(JsonGenerator out, PutEntry entry) throws IOException {
        out.writeBinaryField("Data", entry.data());
        byte[] key = entry.partitionKey();
        out.writeFieldName("PartitionKey");
        out.writeUTF8String(key, 0, key.length);
        if (!entry.explicitHashKey().isEmpty()) {
            out.writeStringField("ExplicitHashKey", entry.explicitHashKey());
        }
    }

    /** The results in the answer to PutRecords, in order. */
    List<PutOutcome.EntryOutcome> putRecordsAnswer(byte[] body) throws IOException {
        List<PutOutcome.EntryOutcome> entries = new ArrayList<>();
        Map<String, PutOutcome.Stored> stored = new HashMap<>();
        try (JsonParser in = factory.createParser(body)) {
            expect(in.nextToken() == JsonToken.START_OBJECT);
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean records = in.currentName().equals("Records");
                if (in.nextToken() == JsonToken.START_ARRAY && records) {
                    while (in.nextToken() == JsonToken.START_OBJECT) {
                        entries.add(result(in, stored));
                    }
                } else {
                    in.skipChildren();
                }
            }
        }
        return entries;
    }

    /** The one result in the answer to PutRecord. */
    List<PutOutcome.EntryOutcome> putRecordAnswer(byte[] body) throws IOException {
        try (JsonParser in = factory.createParser(body)) {
            expect(in.nextToken() == JsonToken.START_OBJECT);
            return List.of(result(in, new HashMap<>()));
        }
    }

    /** The code and message of an error. */
    ErrorAnswer error(byte[] body) {
        String code = "";
        String message = "";
        try (JsonParser in = factory.createParser(body)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    String name = in.currentName();
                    in.nextToken();
                    if (name.equals("__type")) {
                        code = in.getValueAsString("");
                    } else if (name.equalsIgnoreCase("message")) {
                        message = in.getValueAsString("");
                    }
                    in.skipChildren();
                }
            }
        } catch (IOException somethingElse) {
            return new ErrorAnswer("", "");
        }
        return new ErrorAnswer(code.substring(code.indexOf('#') + 1), message);
    }

    /** Empty strings where the answer does not say. */
    record ErrorAnswer(String code, String message) {}

    private static PutOutcome.EntryOutcome result(JsonParser in, Map<String, PutOutcome.Stored> stored)
            throws IOException {
        String shardId = "";
        String code = "";
        String message = "";
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            switch (name) {
                case "ShardId" -> shardId = in.getValueAsString("");
                case "ErrorCode" -> code = in.getValueAsString("");
                case "ErrorMessage" -> message = in.getValueAsString("");
                default -> in.skipChildren();
            }
        }
        return code.isEmpty()
                ? stored.computeIfAbsent(shardId, PutOutcome.Stored::new)
                : new PutOutcome.NotStored(FaultRules.ofEntry(code, message));
    }

    private static void expect(boolean holds) throws IOException {
        if (!holds) {
            throw new IOException("the answer is no object");
        }
    }
}
