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
    String TAKEN = "application/json, application/x-ndjson, application/msgpack,"
            + " application/x-www-form-urlencoded, application/octet-stream or text/plain";

    /** Starts to take {@code body} apart. */
    BodyReader reader(byte[] body, int length, RecordSink sink);

    /** Objects, and arrays of objects. */
    record Json() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return new JsonBody(body, 0, length, sink);
        }
    }

    /** An object on each line. */
    record Lines() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return new LinesBody(body, 0, length, sink);
        }
    }

    /** Maps. */
    record Msgpack() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return new MsgpackBody(body, 0, length, sink);
        }
    }

    /** A form with the events in one field. */
    record Form() implements BodyFormat {
        @Override
        public BodyReader reader(byte[] body, int length, RecordSink sink) {
            return new FormBody(body, 0, length, sink);
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
        if (isJson(type)) {
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
            case "msgpack", "x-msgpack", "vnd.msgpack" -> new Msgpack();
            case "x-www-form-urlencoded" -> new Form();
            default -> throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " is not taken");
        };
    }

    /** {@code application/json}, and every type that is built on it (RFC 6839, section 3.1). */
    private static boolean isJson(MediaType type) {
        return type.type().equals("application")
                && (type.subtype().equals("json")
                        || type.subtype().endsWith("+json")
                        || type.subtype().equals("csp-report"));
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
        } catch (IllegalStateException several) {
            throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " has more than one charset");
        } catch (IllegalArgumentException unknown) {
            throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " has an unknown charset");
        }
    }

    private static Refused unsupported(String error) {
        return Refused.unsupported(HttpStatus.UNSUPPORTED_MEDIA_TYPE, error, "declare " + TAKEN);
    }
}
