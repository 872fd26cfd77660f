package io.penstock.delivery.kinesis.fault;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.NetworkFailure;
import io.penstock.base.text.CauseText;
import io.penstock.base.time.RoughDuration;
import io.penstock.delivery.kinesis.http.HttpAnswer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
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

    /** The key of the authority, below the target's section. */
    private static final String AUTHORITY = "tls.ca of the target";

    private static final int REDIRECTION = 300;
    private static final int PROXY_LOGIN = 407;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERROR = 500;

    private FaultRules() {}

    /**
     * The fault of a signature that was refused for its time, after the clock correction.
     *
     * @param offset from this machine's clock to the endpoint's
     */
    public static Fault wrongClock(Duration offset) {
        return new Fault.Unavailable(clockSkew(offset), false);
    }

    /** @param offset from this machine's clock to the endpoint's */
    public static Explanation clockSkew(Duration offset) {
        return Explanation.of(
                ConditionName.CLOCK_SKEW,
                "this machine's clock is " + RoughDuration.of(offset.abs())
                        + (offset.isNegative() ? " ahead of" : " behind")
                        + " the endpoint's; calls are signed by the endpoint's time");
    }

    /**
     * The fault of an answer with another status than 200. An answer without an error code of the service comes from
     * something between, which never rejects a record.
     *
     * @param operation the call's, such as PutRecords
     */
    public static Fault ofAnswer(HttpAnswer answer, ErrorAnswer error, String operation) {
        int status = answer.status();
        boolean foreign = error.code().isEmpty();
        String detail = (foreign ? answer.describe() : error.code())
                + (error.message().isEmpty() ? "" : ": " + error.message());
        if (status < REDIRECTION) {
            return new Fault.Unavailable(foreign("an answer that is not one of Kinesis: " + detail), true);
        }
        if (status == REQUEST_TIMEOUT || status >= SERVER_ERROR) {
            return new Fault.Unavailable(
                    foreign && answer.isHtml() ? foreign(detail) : Explanation.of(ConditionName.SERVICE_ERROR, detail),
                    true);
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
                            ? Explanation.of(ConditionName.PROXY_LOGIN, detail + ": the proxy refuses the login")
                            : foreign(detail + ": it is not an answer of Kinesis"));
        }
        return ofCode(error.code(), detail, operation);
    }

    /** The fault of an answer with status 200 that the service would not give. */
    public static Fault unreadable(HttpAnswer answer, IOException why) {
        return new Fault.Unavailable(
                foreign("an answer that cannot be read: " + why.getMessage() + "; it is " + answer.describe()), true);
    }

    private static Explanation foreign(String sentence) {
        return new Explanation(
                ConditionName.PROXY_OR_LOGIN_PAGE,
                sentence,
                "look at what stands between: a proxy, a firewall, or the login page of a network");
    }

    /** The fault of one entry of an answer to PutRecords. */
    public static Fault ofEntry(String code, String message) {
        String detail = code + (message.isEmpty() ? "" : ": " + message);
        return ofCode(code, detail, "PutRecords");
    }

    /**
     * The fault of a call without an answer.
     *
     * @param server what was called, such as host and port
     */
    public static Fault ofException(Throwable thrown, String server) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProxyRefusedException proxy) {
                return new Fault.Unavailable(proxy.why(server), false);
            }
        }
        Explanation why = NetworkFailure.of(thrown, server, AUTHORITY);
        return new Fault.Unavailable(why, !NetworkFailure.neverSent(why));
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
                        : new Fault.Denied(Explanation.of(ConditionName.CREDENTIALS, detail + said));
            }
            if (isUnanswered(cause)) {
                Explanation why = NetworkFailure.of(thrown, "the service that gives them", AUTHORITY);
                return new Fault.Unavailable(why.after(detail), false);
            }
        }
        return new Fault.Denied(Explanation.of(
                ConditionName.CREDENTIALS,
                detail + CauseText.of(thrown).orElse("they could not be read, and nothing says why")));
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

    private static Fault ofCode(String code, String detail, String operation) {
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
        return new Fault.Denied(ServiceErrors.denied(code, detail, operation));
    }
}
