package io.penstock.agent.otlp;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.penstock.agent.http.answer.Problem;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import java.util.Arrays;

/**
 * The answers of OTLP over HTTP, in the encoding and under the type of the request (OTLP specification, OTLP/HTTP
 * Response): an {@code ExportLogsServiceResponse}, or a {@code google.rpc.Status} for what went wrong.
 *
 * @param encoding of the request
 * @param type of the request, without parameters
 */
record Answers(Encoding encoding, MediaType type) {
    private static final String BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest";
    private static final int LATER_SECONDS = 5;

    // Codes of gRPC (google/rpc/code.proto).
    private static final int UNKNOWN = 2;
    private static final int INVALID_ARGUMENT = 3;
    private static final int NOT_FOUND = 5;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    /** All of the request is stored. */
    AggregatedHttpResponse stored() {
        return answer(HttpStatus.OK, 0, encoding == Encoding.JSON ? HttpData.ofUtf8("{}") : HttpData.empty());
    }

    /**
     * Some of the request is not stored, or is stored otherwise than it came.
     *
     * @param rejected log records that are not stored
     * @param message why
     */
    AggregatedHttpResponse partlyStored(long rejected, String message) {
        if (encoding == Encoding.PROTOBUF) {
            WireBytes partial = new WireBytes().number(1, rejected).text(2, message);
            return answer(
                    HttpStatus.OK,
                    0,
                    HttpData.wrap(new WireBytes().message(1, partial).toArray()));
        }
        GrowingBytes json = new GrowingBytes(256, GrowingBytes.UNBOUNDED);
        json.ascii("{\"partialSuccess\":{");
        if (rejected > 0) {
            json.ascii("\"rejectedLogRecords\":\"" + rejected + "\",");
        }
        json.ascii("\"errorMessage\":");
        JsonText.string(message, json);
        json.ascii("}}");
        return answer(HttpStatus.OK, 0, data(json));
    }

    /**
     * Nothing of the request may be taken for stored. OTLP's clients send again only after 429, 502, 503 and 504, and
     * throw the records away after any other status: so what may succeed later is 503.
     */
    AggregatedHttpResponse failed(Problem problem) {
        HttpStatus status = problem.status();
        int later = problem.retryAfterSeconds();
        if (status.code() == 408 || status.code() == 500) {
            status = HttpStatus.SERVICE_UNAVAILABLE;
            later = later > 0 ? later : LATER_SECONDS;
        }
        String message = problem.error() + "; " + problem.remedy();
        return answer(
                status,
                later,
                encoding == Encoding.JSON ? json(status, message) : HttpData.wrap(wire(status, message)));
    }

    private static byte[] wire(HttpStatus status, String message) {
        WireBytes answer = new WireBytes().number(1, code(status)).text(2, message);
        if (status.code() == 400) {
            WireBytes violation = new WireBytes().text(1, "body").text(2, message);
            byte[] bad = new WireBytes().message(1, violation).toArray();
            answer.message(3, new WireBytes().text(1, BAD_REQUEST).bytes(2, bad));
        }
        return answer.toArray();
    }

    private static HttpData json(HttpStatus status, String message) {
        GrowingBytes json = new GrowingBytes(256, GrowingBytes.UNBOUNDED);
        json.ascii("{\"code\":" + code(status) + ",\"message\":");
        JsonText.string(message, json);
        if (status.code() == 400) {
            json.ascii(",\"details\":[{\"@type\":\"" + BAD_REQUEST
                    + "\",\"fieldViolations\":[{\"field\":\"body\",\"description\":");
            JsonText.string(message, json);
            json.ascii("}]}]");
        }
        json.put('}');
        return data(json);
    }

    private static int code(HttpStatus status) {
        return switch (status.code()) {
            case 400, 413, 415 -> INVALID_ARGUMENT;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> NOT_FOUND;
            case 405 -> UNIMPLEMENTED;
            case 429 -> RESOURCE_EXHAUSTED;
            case 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    private AggregatedHttpResponse answer(HttpStatus status, int retryAfterSeconds, HttpData content) {
        ResponseHeadersBuilder headers =
                ResponseHeaders.builder(status).contentType(type).contentLength(content.length());
        if (retryAfterSeconds > 0) {
            headers.addInt(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds);
        }
        return AggregatedHttpResponse.of(headers.build(), content);
    }

    private static HttpData data(GrowingBytes json) {
        return HttpData.wrap(Arrays.copyOf(json.array(), json.length()));
    }
}
