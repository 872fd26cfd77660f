package io.penstock.agent.kinesisapi;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.OneLine;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.delivery.kinesis.pass.PassedAnswer;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Gives a target's answer back to the client. What a proxy, a captive portal or a server of another kind answers in the
 * target's place is not given back: the SDKs could not read it, or would take it for the service's. Thread-safe.
 */
final class PassedAnswers {
    private static final String CONTENT_TYPE = "content-type";
    private static final String CONTENT_LENGTH = "content-length";
    /** What of the target's answer is passed back, besides its status and body. */
    private static final List<String> HEADERS = List.of(
            CONTENT_TYPE,
            CONTENT_LENGTH,
            "content-encoding",
            "x-amzn-requestid",
            "x-amz-id-2",
            "x-amzn-errortype",
            "x-amz-crc32");

    private static final List<String> KINDS = List.of(
            "application/x-amz-json-",
            "application/x-amz-cbor-",
            "application/json",
            "application/cbor",
            "application/vnd.amazon.eventstream");
    private static final int OK = 200;
    private static final int REDIRECTION = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int BEYOND = 600;

    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(PassedAnswers.class));

    /** @throws ServiceException if it is no answer of a Kinesis API */
    HttpResponse response(PassedAnswer answer, String target) {
        if (!isKinesis(answer)) {
            answer.release();
            throw new ServiceException(
                    ErrorType.SERVICE_UNAVAILABLE,
                    "The agent's target " + target + " gave an answer that is not Kinesis', with HTTP status "
                            + answer.status()
                            + answer.header(CONTENT_TYPE)
                                    .map(type -> " and the content type " + OneLine.of(type))
                                    .orElse(" and no content type")
                            + ". See whether its endpoint is the right one, and what stands between.");
        }
        ResponseHeadersBuilder headers = ResponseHeaders.builder(answer.status());
        for (String name : HEADERS) {
            answer.header(name).ifPresent(value -> headers.add(name, value));
        }
        return HttpResponse.of(
                headers.build(),
                new PassedBody(
                        answer.body(),
                        failure -> log.warn(
                                target,
                                "An answer of target " + target + " was cut short: " + CauseText.orUnknown(failure))));
    }

    private static boolean isKinesis(PassedAnswer answer) {
        int status = answer.status();
        if (status < OK || status >= REDIRECTION && status < CLIENT_ERROR || status >= BEYOND) {
            return false;
        }
        Optional<String> type = answer.header(CONTENT_TYPE);
        if (type.isEmpty()) {
            return status == OK && answer.header(CONTENT_LENGTH).equals(Optional.of("0"));
        }
        String lower = type.get().toLowerCase(Locale.ROOT);
        return KINDS.stream().anyMatch(lower::startsWith);
    }
}
