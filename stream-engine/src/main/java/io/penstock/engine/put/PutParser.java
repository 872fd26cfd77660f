package io.penstock.engine.put;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;

/**
 * Parses PutRecord and PutRecords bodies directly into a {@link PutBatch}. It accepts only valid requests, most of
 * which are plain ({@link PlainJson}, {@link PlainCbor}). For any other body the caller runs the general validator,
 * which names the error. One thread.
 */
final class PutParser {
    private final RecordDraft record = new RecordDraft();
    private final PlainJson json = new PlainJson(record);
    private final PlainCbor cbor = new PlainCbor(record);

    /** Parses a valid body in the usual form into {@code batch}, in one pass. Returns false for any other body. */
    boolean plain(byte[] body, Codec codec, boolean single, PutBatch batch) {
        return codec == Codec.JSON ? json.read(body, single, batch) : cbor.read(body, single, batch);
    }

    /** Parses a valid body token by token into {@code batch}. Returns false for any other body. */
    boolean tokens(byte[] body, Codec codec, boolean single, PutBatch batch) {
        batch.clear();
        try (JsonParser parser = codec.parser(body)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    && (single ? single(parser, batch) : many(parser, batch))
                    && parser.nextToken() == null;
        } catch (IOException | RuntimeException e) {
            // Jackson throws exceptions of many types for bytes that are not CBOR; the validator will name the error.
            return false;
        }
    }

    private boolean single(JsonParser parser, PutBatch batch) throws IOException {
        record.begin();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (!streamMember(name, parser, batch) && !recordMember(name, parser, batch)) {
                return false;
            }
        }
        return parser.currentToken() == JsonToken.END_OBJECT && record.end(batch);
    }

    private boolean many(JsonParser parser, PutBatch batch) throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (name.equals("Records")) {
                if (batch.count() > 0 || parser.nextToken() != JsonToken.START_ARRAY || !records(parser, batch)) {
                    return false;
                }
            } else if (!streamMember(name, parser, batch)) {
                parser.nextToken();
                parser.skipChildren();
            }
        }
        return parser.currentToken() == JsonToken.END_OBJECT && batch.count() > 0;
    }

    private boolean records(JsonParser parser, PutBatch batch) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            if (batch.count() == KinesisModel.MAX_RECORDS) {
                return false;
            }
            record.begin();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (!recordMember(name, parser, batch)) {
                    return false;
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || !record.end(batch)) {
                return false;
            }
        }
        return parser.currentToken() == JsonToken.END_ARRAY;
    }

    /**
     * Reads a member that names the stream. Returns false for any other member. A value of the wrong type becomes null,
     * and then no stream is found.
     */
    private static boolean streamMember(String name, JsonParser parser, PutBatch batch) throws IOException {
        switch (name) {
            case "StreamName" -> batch.streamName = parser.nextTextValue();
            case "StreamARN" -> batch.streamArn = parser.nextTextValue();
            case "StreamId" -> batch.streamId = parser.nextTextValue();
            case "SequenceNumberForOrdering" -> batch.sequenceNumberForOrdering = parser.nextTextValue();
            default -> {
                return false;
            }
        }
        if (!parser.currentToken().isScalarValue()
                || (parser.currentToken() != JsonToken.VALUE_STRING && parser.currentToken() != JsonToken.VALUE_NULL)) {
            throw new IOException("not a text");
        }
        return true;
    }

    private boolean recordMember(String name, JsonParser parser, PutBatch batch) throws IOException {
        JsonToken token = parser.nextToken();
        switch (name) {
            case "Data" -> {
                if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_EMBEDDED_OBJECT) {
                    return false;
                }
                int from = batch.position();
                parser.readBinaryValue(batch);
                record.data(from, batch);
                return batch.position() - from <= KinesisModel.MAX_DATA;
            }
            case "PartitionKey" -> {
                if (token != JsonToken.VALUE_STRING) {
                    return false;
                }
                int length = parser.getTextLength();
                if (length == 0 || length > KinesisModel.MAX_PARTITION_KEY) {
                    return false;
                }
                int from = batch.position();
                batch.writeText(parser.getTextCharacters(), parser.getTextOffset(), length);
                record.key(from, batch);
                return true;
            }
            case "ExplicitHashKey" -> {
                return token == JsonToken.VALUE_NULL
                        || (token == JsonToken.VALUE_STRING && record.explicitHashKey(parser.getText(), batch));
            }
            default -> {
                parser.skipChildren();
                return true;
            }
        }
    }
}
