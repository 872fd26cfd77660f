package io.penstock.agent.http.body;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a body is, by its declared media type. */
public sealed interface BodyFormat {
    String TAKEN = "application/json, application/x-ndjson, application/octet-stream or text/plain";

    /** Starts to take {@code body} apart. */
    BodyReader reader(byte[] body, int length, RecordSink sink);

    /** An object, or an array of objects. */
    record Json() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return new JsonBody(body, length, sink);
        }
    }

    /** An object on each line. */
    record Lines() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return new LinesBody(body, length, sink);
        }
    }

    /** One record of bytes. */
    record Bytes() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return budget -> {
                sink.bytes(body, length);
                return true;
            };
        }
    }

    /** One record of text. */
    record Text(Charset charset) implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return budget -> {
                sink.text(body, length, charset);
                return true;
            };
        }
    }

    /**
     * @param declared the values of Content-Type
     * @throws Refused with 415 for what is no type, and for a type that is not taken
     */
    static BodyFormat of(List<String> declared) throws Refused {
        if (declared.isEmpty()) {
            throw unsupported("there is no Content-Type");
        }
        if (declared.size() > 1) {
            throw unsupported("there is more than one Content-Type");
        }
        try {
            return of(MediaType.parse(declared.get(0)));
        } catch (IllegalArgumentException broken) {
            throw unsupported("Content-Type '" + Problem.excerpt(declared.get(0)) + "' is no media type");
        }
    }

    private static BodyFormat of(MediaType type) throws Refused {
        if (type.is(MediaType.JSON)) {
            requireUtf8(type);
            return new Json();
        }
        if (type.is(MediaType.ANY_TEXT_TYPE)) {
            return new Text(charset(type));
        }
        if (!type.type().equals("application")) {
            throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " is not taken");
        }
        return switch (type.subtype()) {
            case "x-ndjson", "ndjson", "jsonl", "x-jsonlines" -> {
                requireUtf8(type);
                yield new Lines();
            }
            case "octet-stream" -> new Bytes();
            case "msgpack", "x-msgpack", "vnd.msgpack" -> throw unsupported("msgpack is not in this version");
            default -> throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " is not taken");
        };
    }

    /** JSON between systems is UTF-8 (RFC 8259, section 8.1). */
    private static void requireUtf8(MediaType type) throws Refused {
        Charset charset = charset(type);
        if (!charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
            throw Refused.unsupported(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "JSON in the charset " + Problem.excerpt(charset.name()) + " is not taken",
                    "send it in UTF-8");
        }
    }

    private static Charset charset(MediaType type) throws Refused {
        try {
            return type.charset(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unknown) {
            throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " has an unknown charset");
        }
    }

    private static Refused unsupported(String error) {
        return Refused.unsupported(HttpStatus.UNSUPPORTED_MEDIA_TYPE, error, "declare " + TAKEN);
    }
}
