package io.penstock.delivery.kinesis.put;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Writes the bodies of PutRecords, in CBOR, and PutRecord, in JSON with base64, and parses their answers (Kinesis API
 * reference). Any thread.
 */
@SuppressWarnings("ImmutableEnumChecker") // factories do not change after creation
public enum PutFormat {
    /** Up to 500 records per call. */
    PUT_RECORDS("PutRecords", "application/x-amz-cbor-1.1", new CBORFactory()) {
        @Override
        public byte[] body(PutCall call) {
            return CborBody.putRecords(call);
        }

        @Override
        public List<PutOutcome.EntryOutcome> results(PutCall call, byte[] answer) throws IOException {
            return CborAnswer.putRecords(
                    answer, call.entries().size(), i -> call.entries().get(i).wantsNumber());
        }
    },

    /** One record per call. */
    PUT_RECORD("PutRecord", "application/x-amz-json-1.1", new JsonFactory()) {
        @Override
        public byte[] body(PutCall call) throws IOException {
            return single(call);
        }

        @Override
        public List<PutOutcome.EntryOutcome> results(PutCall call, byte[] answer) throws IOException {
            return single(call, answer);
        }
    };

    private static final int OVERHEAD = 128;

    private final String operation;
    private final String contentType;
    private final JsonFactory factory;

    PutFormat(String operation, String contentType, JsonFactory factory) {
        this.operation = operation;
        this.contentType = contentType;
        this.factory = factory;
    }

    public static PutFormat of(TargetSettings.Api api) {
        return api == TargetSettings.Api.PUT_RECORD ? PUT_RECORD : PUT_RECORDS;
    }

    public String operation() {
        return operation;
    }

    public String contentType() {
        return contentType;
    }

    /** Encodes the request's body. */
    public abstract byte[] body(PutCall call) throws IOException;

    /** Parses the answer: the result of each record of the call, in order. */
    public abstract List<PutOutcome.EntryOutcome> results(PutCall call, byte[] answer) throws IOException;

    byte[] single(PutCall call) throws IOException {
        PutEntry entry = call.entries().get(0);
        byte[] key = entry.partitionKey();
        int size = entry.data().length;
        ByteArrayOutputStream body = new ByteArrayOutputStream(size + size / 3 + key.length + OVERHEAD);
        try (JsonGenerator out = factory.createGenerator(body)) {
            out.writeStartObject();
            out.writeStringField("StreamName", call.stream());
            out.writeBinaryField("Data", entry.data());
            out.writeFieldName("PartitionKey");
            out.writeUTF8String(key, 0, key.length);
            if (!entry.explicitHashKey().isEmpty()) {
                out.writeStringField("ExplicitHashKey", entry.explicitHashKey());
            }
            out.writeEndObject();
        }
        return body.toByteArray();
    }

    List<PutOutcome.EntryOutcome> single(PutCall call, byte[] answer) throws IOException {
        boolean numbered = call.entries().get(0).wantsNumber();
        EntryFields fields = new EntryFields();
        String shardId = "";
        String number = "";
        try (JsonParser in = factory.createParser(answer)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no object");
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String name = in.currentName();
                JsonToken value = in.nextToken();
                String text = value == JsonToken.VALUE_STRING ? in.getText() : "";
                switch (name) {
                    case EntryFields.SEQUENCE_NUMBER -> {
                        number = numbered ? text : "";
                        fields.sequenceNumber(text.isBlank());
                    }
                    case EntryFields.SHARD_ID -> {
                        shardId = text;
                        fields.shard(text.isBlank());
                    }
                    case EntryFields.ERROR_MESSAGE -> fields.message(text);
                    case EntryFields.ERROR_CODE -> {
                        fields.code(text);
                        if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
                            fields.unreadableCode();
                        }
                    }
                    default -> {}
                }
                in.skipChildren();
            }
            if (in.nextToken() != null) {
                throw new IOException("something follows it");
            }
        } catch (JsonProcessingException garbled) {
            throw new IOException("it is no JSON", garbled);
        }
        PutOutcome.EntryOutcome failure = fields.failure();
        return List.of(failure == null ? new PutOutcome.Stored(shardId, number) : failure);
    }
}
