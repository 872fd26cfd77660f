package io.penstock.delivery.kinesis.fault;

import io.penstock.delivery.kinesis.http.HttpAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Maps errors to a {@link Fault}. The codes are those of the Kinesis API reference (PutRecord, PutRecords, common
 * errors). An unknown client error parks the stream; it does not reject its records.
 */
public final class FaultRules {
    private static final Set<String> THROTTLES = Set.of(
            "ProvisionedThroughputExceededException",
            "LimitExceededException",
            "ThrottlingException",
            "Throttling",
            "RequestLimitExceeded",
            "SlowDown",
            "KMSThrottlingException");
    /** Codes for an expired session, or a key that was replaced and deleted. */
    private static final Set<String> EXPIRIES = Set.of(
            "ExpiredTokenException",
            "ExpiredToken",
            "ExpiredTokenError",
            "RequestExpired",
            "UnrecognizedClientException",
            "InvalidClientTokenId");

    private static final Set<String> REJECTIONS = Set.of(
            "ValidationException",
            "InvalidArgumentException",
            "SerializationException",
            "RequestEntityTooLargeException");
    private static final Set<String> TRANSIENT =
            Set.of("InternalFailure", "InternalFailureException", "ServiceUnavailable", "ServiceUnavailableException");

    private static final int REDIRECTION = 300;
    private static final int PROXY_LOGIN = 407;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private FaultRules() {}

    /** The fault of a signature that was refused for its time, after the clock correction. */
    public static Fault wrongClock() {
        return new Fault.Unavailable("this machine's clock is wrong; signed by the endpoint's now", false);
    }

    /**
     * The fault of an answer with another status than 200. An answer without an error code of the service comes from
     * something between, which never rejects a record.
     */
    public static Fault ofAnswer(HttpAnswer answer, ErrorAnswer error) {
        int status = answer.status();
        boolean foreign = error.code().isEmpty();
        String detail = (foreign ? answer.describe() : error.code())
                + (error.message().isEmpty() ? "" : ": " + error.message());
        if (status < REDIRECTION) {
            return new Fault.Unavailable("an answer that is not one of Kinesis: " + detail, true);
        }
        if (status == REQUEST_TIMEOUT || status >= SERVER_ERROR) {
            return new Fault.Unavailable(detail, true);
        }
        if (status == TOO_MANY) {
            return new Fault.Throttled(detail);
        }
        if (status == TOO_LARGE && !REJECTIONS.contains(error.code())) {
            return new Fault.RequestTooLarge(detail);
        }
        if (foreign) {
            return new Fault.Denied(
                    status == PROXY_LOGIN
                            ? detail + ": the proxy refuses the login"
                            : detail + ": it is not an answer of Kinesis; look at what stands between");
        }
        return ofCode(error.code(), detail);
    }

    /** The fault of an answer with status 200 that the service would not give. */
    public static Fault unreadable(HttpAnswer answer, IOException why) {
        return new Fault.Unavailable(
                "an answer that cannot be read: " + why.getMessage() + "; it is " + answer.describe(), true);
    }

    /** The fault of one entry of an answer to PutRecords. */
    public static Fault ofEntry(String code, String message) {
        String detail = code + (message.isEmpty() ? "" : ": " + message);
        return ofCode(code, detail);
    }

    /** The fault of a call without an answer. */
    public static Fault ofException(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || !isNetwork(cause)) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new Fault.Unavailable(describe(cause), !neverSent(cause));
    }

    /**
     * The fault when credentials cannot be resolved: {@link Fault.Denied} if an operator must act; not if only a
     * service does not answer.
     *
     * @param whose describes the credentials
     */
    public static Fault ofCredentials(Throwable thrown, String whose) {
        String detail = "no credentials from " + whose + ": ";
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof AwsServiceException service) {
                String said = said(service);
                return service.statusCode() >= 500 || service.isThrottlingException()
                        ? new Fault.Unavailable(detail + said, false)
                        : new Fault.Denied(detail + said);
            }
            if (isUnanswered(cause)) {
                return new Fault.Unavailable(detail + describe(cause), false);
            }
        }
        return new Fault.Denied(detail + describe(thrown));
    }

    /** True if a service was not reached, did not answer in time, or the call was cancelled. */
    private static boolean isUnanswered(Throwable cause) {
        return (cause instanceof IOException && !(cause instanceof FileSystemException))
                || cause instanceof ApiCallTimeoutException
                || cause instanceof AbortedException
                || cause instanceof CancellationException;
    }

    /** An answer from another server than the service, such as a proxy, has only a status. */
    private static String said(AwsServiceException service) {
        AwsErrorDetails details = service.awsErrorDetails();
        if (service.statusCode() == PROXY_LOGIN) {
            return "HTTP 407: the proxy refuses the login";
        }
        return details == null || details.errorCode() == null
                ? "HTTP " + service.statusCode()
                : details.errorCode() + ": " + details.errorMessage();
    }

    private static Fault ofCode(String code, String detail) {
        if (THROTTLES.contains(code)) {
            return new Fault.Throttled(detail);
        }
        if (EXPIRIES.contains(code)) {
            return new Fault.Expired(detail);
        }
        if (REJECTIONS.contains(code)) {
            return new Fault.Rejected(detail);
        }
        if (code.equals("ResourceNotFoundException")) {
            return new Fault.MissingStream(detail);
        }
        if (code.equals("ResourceInUseException") || TRANSIENT.contains(code)) {
            return new Fault.Unavailable(detail, false);
        }
        return new Fault.Denied(detail);
    }

    private static boolean isNetwork(Throwable cause) {
        return cause instanceof IOException || neverSent(cause);
    }

    private static boolean neverSent(Throwable cause) {
        return cause instanceof ConnectException || cause instanceof UnknownHostException || isNoConnection(cause);
    }

    /**
     * True if the SDK's pool had no free connection in time. The SDK reports it as a plain Throwable with this message.
     */
    private static boolean isNoConnection(Throwable cause) {
        return String.valueOf(cause.getMessage()).contains("Acquire operation took longer");
    }

    private static String describe(Throwable cause) {
        String message = cause.getMessage();
        if (cause instanceof TimeoutException && message == null) {
            return "the endpoint was called, and its whole answer did not come in time";
        }
        if (isNoConnection(cause)) {
            return "no connection to the endpoint came about in time: its name is not resolved, or its address does not"
                    + " answer; look at this machine's name service, route, firewall and proxy";
        }
        return cause.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }
}
