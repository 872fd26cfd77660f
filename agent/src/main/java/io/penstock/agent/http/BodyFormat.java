package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a body is, by its declared media type. */
sealed interface BodyFormat {
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

    /** @throws Refused with 415 for a type that is not taken */
    static BodyFormat of(@Nullable MediaType type) throws Refused {
        if (type == null) {
            throw unsupported("there is no Content-Type");
        }
        if (type.is(MediaType.JSON)) {
            return new Json();
        }
        if (type.is(MediaType.ANY_TEXT_TYPE)) {
            return new Text(charset(type));
        }
        if (!type.type().equals("application")) {
            throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " is not taken");
        }
        return switch (type.subtype()) {
            case "x-ndjson", "ndjson", "jsonl", "x-jsonlines" -> new Lines();
            case "octet-stream" -> new Bytes();
            case "msgpack", "x-msgpack", "vnd.msgpack" -> throw unsupported("msgpack is not in this version");
            default -> throw unsupported("Content-Type " + Problem.excerpt(type.toString()) + " is not taken");
        };
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
