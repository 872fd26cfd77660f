package io.penstock.engine.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * The two protocols: AWS JSON 1.1, and its CBOR form, which the AWS SDKs for Java use. They differ in the form of
 * binary data (Base64 text, byte string) and of times (seconds with a fraction, tagged epoch milliseconds).
 *
 * <p>Thread-safe. Nesting, the number of values and the lengths of names and numbers are bounded while parsing; the
 * length of a text is bounded by the length of the body.
 */
@SuppressWarnings("ImmutableEnumChecker") // Jackson's factories and mappers do not change after creation
public enum Codec {
    JSON("application/x-amz-json-1.1") {
        @Override
        void time(JsonGenerator out, long epochMillis) throws IOException {
            out.writeNumber(BigDecimal.valueOf(epochMillis, 3));
        }
    },
    CBOR("application/x-amz-cbor-1.1") {
        @Override
        void time(JsonGenerator out, long epochMillis) throws IOException {
            ((CBORGenerator) out).writeTag(EPOCH_TAG);
            out.writeNumber(epochMillis);
        }
    };

    /** The maximum nesting of a body; the API's own structures reach 4. */
    public static final int MAX_NESTING = 32;

    /**
     * The maximum number of tokens of a body. The largest valid call, PutRecords with 500 records, has about 4,000. A
     * value of one byte becomes a node of 70 bytes, so that without this bound a body of 20 MiB could fill the heap.
     */
    public static final int MAX_TOKENS = 100_000;

    /** The maximum length of a name in bytes. The longest are keys of tags, of 128 characters. */
    private static final int MAX_NAME = 1024;

    /** RFC 8949, section 3.4.2: epoch-based date/time. */
    private static final int EPOCH_TAG = 1;

    private static final int SPARE_BYTES = 256;

    private final String contentType;
    private final JsonFactory factory;
    private final ObjectMapper mapper;

    Codec(String contentType) {
        this.contentType = contentType;
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNameLength(MAX_NAME)
                .maxNumberLength(100)
                .maxTokenCount(MAX_TOKENS)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
        // Names are controlled by clients, so they must not fill the JVM's table of interned strings.
        this.factory = contentType.contains("cbor")
                ? CBORFactory.builder()
                        .streamReadConstraints(bounds)
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .build()
                : new JsonFactoryBuilder()
                        .streamReadConstraints(bounds)
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .build();
        this.mapper = new ObjectMapper(factory);
    }

    /**
     * The codec of a request's content type; empty for an unsupported one. Without a content type the codec is JSON.
     */
    public static Optional<Codec> of(String contentType) {
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "application/x-amz-cbor-1.1", "application/cbor" -> Optional.of(CBOR);
            case "", "application/x-amz-json-1.1", "application/json" -> Optional.of(JSON);
            default -> Optional.empty();
        };
    }

    public String contentType() {
        return contentType;
    }

    /** A streaming generator. */
    public JsonGenerator generator(OutputStream target) throws IOException {
        return factory.createGenerator(target);
    }

    /**
     * Parses the whole body as a tree.
     *
     * @throws ServiceException if the body is not exactly one object
     */
    public JsonNode tree(byte[] body) {
        try (JsonParser parser = factory.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnObject();
            }
            JsonNode tree = mapper.readTree(parser);
            if (parser.nextToken() != null) {
                throw new ServiceException(ErrorType.SERIALIZATION, "The request body goes on after its end.");
            }
            return tree;
        } catch (ServiceException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Jackson throws exceptions of many types for bytes that are not CBOR.
            throw malformed(e);
        }
    }

    void tree(JsonGenerator out, JsonNode value) throws IOException {
        mapper.writeTree(out, value);
    }

    /**
     * The body with other texts in the members of its object; everything else stays as it is, tags of CBOR included.
     *
     * @param body one that {@link #tree} takes
     * @param text the text of a member, from its name and its former text
     */
    public byte[] withTexts(byte[] body, BinaryOperator<String> text) {
        ByteArrayOutputStream copy = new ByteArrayOutputStream(body.length + SPARE_BYTES);
        try (JsonParser in = factory.createParser(body);
                JsonGenerator out = factory.createGenerator(copy)) {
            int depth = 0;
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (out instanceof CBORGenerator cbor
                        && in instanceof CBORParser tagged
                        && tagged.getCurrentTag() >= 0) {
                    cbor.writeTag(tagged.getCurrentTag());
                }
                if (depth == 1 && token == JsonToken.VALUE_STRING) {
                    out.writeString(text.apply(in.currentName(), in.getText()));
                } else {
                    out.copyCurrentEventExact(in);
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
        } catch (IOException e) {
            throw malformed(e);
        }
        return copy.toByteArray();
    }

    static ServiceException notAnObject() {
        return new ServiceException(ErrorType.SERIALIZATION, "The request body must be one object.");
    }

    /** The exception for a body that does not parse; its message names the position. */
    private static ServiceException malformed(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        if (failure instanceof JsonProcessingException parsing) {
            JsonLocation place = parsing.getLocation();
            reason = parsing.getOriginalMessage() + (place == null ? "" : " at byte " + place.getByteOffset());
        }
        return new ServiceException(ErrorType.SERIALIZATION, "The request body cannot be read: " + reason);
    }

    abstract void time(JsonGenerator out, long epochMillis) throws IOException;
}
