package io.penstock.engine.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.http.UnknownTransferCoding;
import io.penstock.engine.wire.Codec;
import org.jspecify.annotations.Nullable;

/**
 * The errors that the HTTP library finds, such as a head that is too long or a body that is announced as too large, in
 * the form of the API's own errors, so that an SDK can name them. Stateless.
 */
final class FrontErrors implements ServerErrorHandler {
    /** The library knows its own exceptions' statuses, and renders each through {@link #renderStatus}. */
    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        return ServerErrorHandler.ofDefault().onServiceException(context, cause);
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext context,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        Codec codec = Codec.of(headers == null ? "" : headers.get(HttpHeaderNames.CONTENT_TYPE, ""))
                .orElse(Codec.JSON);
        ErrorType type = type(status);
        ResponseHeaders head = Replies.errorHeaders(codec, type, status).build();
        String why = description == null ? status.reasonPhrase() : description;
        String message = "The request was refused with HTTP status " + status.code() + ": "
                + (cause instanceof UnknownTransferCoding ? cause.getMessage() : why);
        return AggregatedHttpResponse.of(head, HttpData.wrap(Replies.errorBody(codec, type, message)));
    }

    private static ErrorType type(HttpStatus status) {
        return switch (status.code()) {
            case 408 -> ErrorType.REQUEST_TIMEOUT;
            case 413 -> ErrorType.REQUEST_TOO_LARGE;
            case 500 -> ErrorType.INTERNAL_FAILURE;
            case 503 -> ErrorType.SERVICE_UNAVAILABLE;
            default -> status.isServerError() ? ErrorType.INTERNAL_FAILURE : ErrorType.VALIDATION;
        };
    }
}
