package io.penstock.engine.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Writes an answer's body. Confined to one call. JSON has no blank after a colon, because some clients search for the
 * exact bytes.
 */
public final class Answer {
    private final Codec codec;
    private final AnswerBytes bytes;
    private final JsonGenerator out;
    private final JsonRecord records = new JsonRecord();
    private boolean anyRecord;

    private Answer(Codec codec, int expected) {
        this.codec = codec;
        this.bytes = new AnswerBytes(expected);
        try {
            this.out = codec.generator(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins the answer's object. */
    public static Answer begin(Codec codec) {
        return begin(codec, 256);
    }

    /** Begins the answer's object; {@code expected} is its approximate size in bytes. */
    public static Answer begin(Codec codec, int expected) {
        return new Answer(codec, expected).object();
    }

    private interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    private Answer write(Writing writing) {
        try {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return this;
    }

    public Answer object() {
        return write(JsonGenerator::writeStartObject);
    }

    public Answer object(String name) {
        return write(out -> out.writeObjectFieldStart(name));
    }

    public Answer list(String name) {
        return write(out -> out.writeArrayFieldStart(name));
    }

    public Answer endObject() {
        return write(JsonGenerator::writeEndObject);
    }

    public Answer endList() {
        return write(JsonGenerator::writeEndArray);
    }

    public Answer text(String name, String value) {
        return write(out -> out.writeStringField(name, value));
    }

    public Answer text(String name, Optional<String> value) {
        return value.isPresent() ? text(name, value.get()) : this;
    }

    /** An ASCII text, without an intermediate string. */
    public Answer ascii(String name, byte[] value, int from, int length) {
        return write(out -> {
            out.writeFieldName(name);
            out.writeUTF8String(value, from, length);
        });
    }

    /** An element of a list. */
    public Answer element(String value) {
        return write(out -> out.writeString(value));
    }

    public Answer texts(String name, Collection<String> values) {
        list(name);
        values.forEach(this::element);
        return endList();
    }

    public Answer whole(String name, long value) {
        return write(out -> out.writeNumberField(name, value));
    }

    public Answer flag(String name, boolean value) {
        return write(out -> out.writeBooleanField(name, value));
    }

    /** A value as it is; of texts, numbers, truth values, and structures and lists of them. */
    public Answer tree(String name, JsonNode value) {
        return write(out -> {
            out.writeFieldName(name);
            codec.tree(out, value);
        });
    }

    public Answer time(String name, long epochMillis) {
        return write(out -> {
            out.writeFieldName(name);
            codec.time(out, epochMillis);
        });
    }

    public Answer binary(String name, byte[] value, int from, int length) {
        return write(out -> {
            out.writeFieldName(name);
            out.writeBinary(value, from, length);
        });
    }

    /**
     * A record, as an element of the only list of records.
     *
     * @param number the sequence number's digits
     * @param entry the partition key in UTF-8, then the data; a key of no bytes is left out
     */
    public Answer record(byte[] number, long arrival, byte[] entry, int keyLength, int length, boolean encrypted) {
        if (codec == Codec.JSON) {
            // The generator only opens and closes the list; the elements are written without it.
            write(JsonGenerator::flush);
            if (anyRecord) {
                bytes.write(',');
            }
            anyRecord = true;
            records.write(bytes, number, arrival, entry, keyLength, length, encrypted);
            return this;
        }
        object().ascii("SequenceNumber", number, 0, number.length)
                .time("ApproximateArrivalTimestamp", arrival)
                .binary("Data", entry, keyLength, length - keyLength);
        if (keyLength > 0) {
            text("PartitionKey", new String(entry, 0, keyLength, StandardCharsets.UTF_8));
        }
        if (encrypted) {
            text("EncryptionType", "KMS");
        }
        return endObject();
    }

    /** An encoded object, as an element of the only list of encoded objects. */
    public Answer encoded(byte[] element) {
        // The generator only opens and closes the list; the elements are written without it.
        write(JsonGenerator::flush);
        if (anyRecord && codec == Codec.JSON) {
            bytes.write(',');
        }
        anyRecord = true;
        bytes.write(element, 0, element.length);
        return this;
    }

    /** Ends the answer's object. */
    public byte[] end() {
        close();
        return bytes.toArray();
    }

    /** As {@link #end}, without a copy, for an answer that may be large. */
    public List<ByteBuf> endInPieces() {
        close();
        return bytes.toPieces();
    }

    /** Memory of the answer so far, in bytes; at least the size of what is written. */
    public long memory() {
        return bytes.capacity();
    }

    private void close() {
        write(out -> {
            out.writeEndObject();
            out.close();
        });
    }
}
