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
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * The two protocols: AWS JSON 1.1, and its CBOR form that the AWS SDKs for Java use. They differ in how binary data
 * (Base64 text, byte string) and times (seconds with a fraction, tagged epoch milliseconds) are written.
 *
 * <p>Thread-safe. Nesting and the lengths of names and numbers are bounded while parsing; the length of a text is
 * bounded by that of the body.
 */
@SuppressWarnings("ImmutableEnumChecker") // Jackson's factories and mappers are, once made
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

    /** A body may not nest deeper; the API's own structures reach 4. */
    public static final int MAX_NESTING = 32;

    /** RFC 8949, section 3.4.2: epoch-based date/time. */
    private static final int EPOCH_TAG = 1;

    private final String contentType;
    private final JsonFactory factory;
    private final ObjectMapper mapper;

    Codec(String contentType) {
        this.contentType = contentType;
        StreamReadConstraints bounds = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_NESTING)
                .maxNameLength(256)
                .maxNumberLength(100)
                .maxStringLength(Integer.MAX_VALUE)
                .build();
        // Names come from strangers: they are not kept in the JVM's table of interned strings.
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

    /** The codec of a request's content type; empty for one that the service does not speak. JSON is the default. */
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

    /** A streaming parser over a whole body. */
    public JsonParser parser(byte[] body) throws IOException {
        return factory.createParser(body);
    }

    /** A streaming generator. */
    public JsonGenerator generator(OutputStream target) throws IOException {
        return factory.createGenerator(target);
    }

    /**
     * The whole body as a tree.
     *
     * @throws ServiceException when it is not one object and nothing else
     */
    public JsonNode tree(byte[] body) {
        try (JsonParser parser = parser(body)) {
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
            // Jackson throws of all kinds at bytes that are no CBOR.
            throw malformed(e);
        }
    }

    static ServiceException notAnObject() {
        return new ServiceException(ErrorType.SERIALIZATION, "The request body must be one object.");
    }

    /** A body that does not parse; names the place. */
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
