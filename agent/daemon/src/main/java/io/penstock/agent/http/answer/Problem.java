package io.penstock.agent.http.answer;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;

/**
 * Why a request was refused, and what cures it, as the JSON object {@code {"error": ..., "remedy": ...}}.
 *
 * @param status the answer's status
 * @param error what is wrong, naming the input and the place
 * @param remedy what to do about it
 * @param retryAfterSeconds value of {@code Retry-After}, 0 when the same request would be refused again
 */
public record Problem(HttpStatus status, String error, String remedy, int retryAfterSeconds) {
    private static final int EXCERPT = 80;

    /** A refusal for good. */
    public static Problem of(HttpStatus status, String error, String remedy) {
        return new Problem(status, error, remedy, 0);
    }

    /** A refusal for now. */
    public static Problem retry(HttpStatus status, String error, String remedy, int afterSeconds) {
        return new Problem(status, error, remedy, afterSeconds);
    }

    public HttpResponse toResponse() {
        return toAggregated().toHttpResponse();
    }

    public AggregatedHttpResponse toAggregated() {
        HttpData content =
                HttpData.ofUtf8("{\"error\":\"" + quote(error) + "\",\"remedy\":\"" + quote(remedy) + "\"}\n");
        ResponseHeadersBuilder headers =
                ResponseHeaders.builder(status).contentType(MediaType.JSON).contentLength(content.length());
        if (retryAfterSeconds > 0) {
            headers.addInt(HttpHeaderNames.RETRY_AFTER, retryAfterSeconds);
        }
        return AggregatedHttpResponse.of(headers.build(), content);
    }

    /** A client's own words, cut so that neither an answer nor a log line grows with them. */
    public static String excerpt(String text) {
        return text.length() <= EXCERPT ? text : text.substring(0, EXCERPT) + "…";
    }

    public static String quote(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
