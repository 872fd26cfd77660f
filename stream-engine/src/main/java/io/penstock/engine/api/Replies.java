package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.StreamMessage;
import io.netty.util.AsciiString;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.wire.Answer;
import io.penstock.engine.wire.Codec;
import io.penstock.engine.wire.Unicode;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** HTTP answers of the AWS JSON protocol, with the service's ids. Stateless. */
final class Replies {
    /** Requests an ordered put; echoed if granted. */
    static final AsciiString ORDERED_PUT = HttpHeaderNames.of("x-penstock-ordered-put");

    private static final AsciiString REQUEST_ID = HttpHeaderNames.of("x-amzn-requestid");
    private static final AsciiString ERROR_TYPE = HttpHeaderNames.of("x-amzn-errortype");
    private static final AsciiString EXTENDED_ID = HttpHeaderNames.of("x-amz-id-2");

    static HttpResponse ok(Codec codec, byte[] body) {
        return ok(codec, List.of(HttpData.wrap(body)));
    }

    /**
     * An answer in the pieces in which it was made. The next piece is handed to the connection when it has written the
     * one before, so that a large answer to a slow client is not copied into direct memory as a whole.
     */
    static HttpResponse ok(Codec codec, List<HttpData> pieces) {
        if (pieces.size() == 1) {
            return HttpResponse.of(headers(codec, HttpStatus.OK).build(), pieces.get(0));
        }
        long length = pieces.stream().mapToLong(HttpData::length).sum();
        return HttpResponse.of(
                headers(codec, HttpStatus.OK).contentLength(length).build(),
                StreamMessage.of(pieces.toArray(HttpData[]::new)));
    }

    static HttpResponse ordered(Codec codec, byte[] body) {
        ResponseHeaders headers =
                headers(codec, HttpStatus.OK).add(ORDERED_PUT, "1").build();
        return HttpResponse.of(headers, HttpData.wrap(body));
    }

    static HttpResponse refusal(Codec codec, ServiceException refusal) {
        return error(codec, refusal.type(), HttpStatus.valueOf(refusal.type().status()), refusal.text());
    }

    static HttpResponse error(Codec codec, ErrorType type, HttpStatus status, String message) {
        return HttpResponse.of(
                errorHeaders(codec, type, status).build(), HttpData.wrap(errorBody(codec, type, message)));
    }

    static ResponseHeadersBuilder errorHeaders(Codec codec, ErrorType type, HttpStatus status) {
        ResponseHeadersBuilder headers = headers(codec, status).add(ERROR_TYPE, type.wireName());
        if (type == ErrorType.SERVICE_UNAVAILABLE) {
            headers.addInt(HttpHeaderNames.RETRY_AFTER, 1);
        }
        return headers;
    }

    static byte[] errorBody(Codec codec, ErrorType type, String message) {
        return Answer.begin(codec)
                .text("__type", type.wireName())
                // The message may quote input from the client.
                .text("message", Unicode.whole(message))
                .end();
    }

    static ResponseHeadersBuilder headers(Codec codec, HttpStatus status) {
        // The ids are for support cases and not secret, so a fast random source is enough.
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String id = new UUID(random.nextLong(), random.nextLong()).toString();
        return ResponseHeaders.builder(status)
                .add(HttpHeaderNames.CONTENT_TYPE, codec.contentType())
                .add(REQUEST_ID, id)
                .add(EXTENDED_ID, id);
    }

    private Replies() {}
}
