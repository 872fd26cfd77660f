package io.penstock.engine.put;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.penstock.engine.stream.HashKey;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.KinesisModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads PutRecord and PutRecords bodies straight into a {@link PutBatch}. Knows right requests only: at anything else
 * it gives up, and the caller has the general validator say what is wrong. Confined to one event loop.
 */
final class PutParser {
    private static final int MD5_BYTES = 16;

    private final MessageDigest md5;
    private final ByteBuffer digest = ByteBuffer.allocate(MD5_BYTES);

    private int keyAt;
    private int keyLength;
    private int dataAt;
    private int dataLength;
    private @Nullable HashKey explicit;

    PutParser() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Whether the body was a right one; {@code batch} holds it then. */
    boolean parse(byte[] body, Codec codec, boolean single, PutBatch batch) {
        batch.clear();
        try (JsonParser parser = codec.parser(body)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    && (single ? single(parser, batch) : many(parser, batch))
                    && parser.nextToken() == null;
        } catch (IOException | RuntimeException e) {
            // Jackson throws of all kinds at bytes that are no CBOR; the validator will say what is wrong.
            return false;
        }
    }

    private boolean single(JsonParser parser, PutBatch batch) throws IOException {
        startRecord();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (!streamMember(name, parser, batch) && !recordMember(name, parser, batch)) {
                return false;
            }
        }
        return parser.currentToken() == JsonToken.END_OBJECT && endRecord(batch);
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
            startRecord();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (!recordMember(name, parser, batch)) {
                    return false;
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || !endRecord(batch)) {
                return false;
            }
        }
        return parser.currentToken() == JsonToken.END_ARRAY;
    }

    /** Whether the member was one that names the stream. A wrong type leaves null, and the lookup finds no stream. */
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

    private void startRecord() {
        keyAt = -1;
        dataAt = -1;
        explicit = null;
    }

    private boolean recordMember(String name, JsonParser parser, PutBatch batch) throws IOException {
        JsonToken token = parser.nextToken();
        switch (name) {
            case "Data" -> {
                if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_EMBEDDED_OBJECT) {
                    return false;
                }
                dataAt = batch.position();
                parser.readBinaryValue(batch);
                dataLength = batch.position() - dataAt;
                return dataLength <= KinesisModel.MAX_DATA;
            }
            case "PartitionKey" -> {
                if (token != JsonToken.VALUE_STRING) {
                    return false;
                }
                int length = parser.getTextLength();
                if (length == 0 || length > KinesisModel.MAX_PARTITION_KEY) {
                    return false;
                }
                keyAt = batch.position();
                batch.writeText(parser.getTextCharacters(), parser.getTextOffset(), length);
                keyLength = batch.position() - keyAt;
                return true;
            }
            case "ExplicitHashKey" -> {
                return token == JsonToken.VALUE_NULL
                        || (token == JsonToken.VALUE_STRING && explicitHashKey(parser.getText(), batch));
            }
            default -> {
                parser.skipChildren();
                return true;
            }
        }
    }

    private boolean explicitHashKey(String text, PutBatch batch) {
        if (text.isEmpty() || text.length() > 39 || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        Optional<HashKey> key = HashKey.parse(text);
        if (key.isPresent()) {
            explicit = key.get();
            return true;
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            batch.impossibleHashKey = text;
            return true;
        }
        return false;
    }

    private boolean endRecord(PutBatch batch) {
        if (keyAt < 0 || dataAt < 0) {
            return false;
        }
        HashKey given = explicit;
        if (given != null) {
            batch.add(keyAt, keyLength, dataAt, dataLength, given.high(), given.low());
            return true;
        }
        md5.update(batch.bytes(), keyAt, keyLength);
        try {
            md5.digest(digest.array(), 0, MD5_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("an MD5 has 16 bytes", e);
        }
        batch.add(keyAt, keyLength, dataAt, dataLength, digest.getLong(0), digest.getLong(Long.BYTES));
        return true;
    }
}
