package io.penstock.agent.http.answer;

import com.linecorp.armeria.common.HttpStatus;
import io.penstock.agent.metrics.Refusal;

/** A request cannot be taken. Carries the whole answer; no stack trace, because clients cause it at will. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal reason;
    private final transient Problem problem;

    public Refused(Refusal reason, Problem problem) {
        super(problem.error(), null, false, false);
        this.reason = reason;
        this.problem = problem;
    }

    public static Refused malformed(String error, String remedy) {
        return new Refused(Refusal.MALFORMED, Problem.of(HttpStatus.BAD_REQUEST, error, remedy));
    }

    public static Refused tooLarge(String error, String remedy) {
        return new Refused(Refusal.TOO_LARGE, Problem.of(HttpStatus.REQUEST_ENTITY_TOO_LARGE, error, remedy));
    }

    public static Refused unsupported(HttpStatus status, String error, String remedy) {
        return new Refused(Refusal.UNSUPPORTED, Problem.of(status, error, remedy));
    }

    public static Refused tooSlow(int length) {
        return new Refused(
                Refusal.TIMEOUT,
                Problem.retry(
                        HttpStatus.REQUEST_TIMEOUT,
                        "the body came too slowly: " + length + " bytes of it are here",
                        "send it again, in smaller bodies if the line is slow",
                        5));
    }

    public static Refused overloaded() {
        return new Refused(
                Refusal.OVERLOADED,
                Problem.retry(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the unfinished requests of this listener have taken all the memory that they may",
                        "send it again, or smaller bodies over fewer connections",
                        1));
    }

    /** @param consequence what became of the records */
    public static Refused defect(String consequence) {
        return new Refused(
                Refusal.DEFECT,
                Problem.retry(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "the agent could not carry out the request, " + consequence,
                        "send it again later; the agent's log says why",
                        5));
    }

    public Refusal reason() {
        return reason;
    }

    public Problem problem() {
        return problem;
    }
}
