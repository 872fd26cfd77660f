package io.penstock.delivery.kinesis;

import io.penstock.base.condition.Explanation;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.delivery.kinesis.credentials.CredentialSource;
import io.penstock.delivery.kinesis.credentials.CredentialSource.Resolved;
import io.penstock.delivery.kinesis.credentials.RecentCredentials;
import io.penstock.delivery.kinesis.fault.ErrorAnswer;
import io.penstock.delivery.kinesis.fault.Fault;
import io.penstock.delivery.kinesis.fault.FaultRules;
import io.penstock.delivery.kinesis.http.ClockSkew;
import io.penstock.delivery.kinesis.http.HttpAnswer;
import org.slf4j.LoggerFactory;

/**
 * Interprets the answers of calls, and updates the clock correction and the credentials of later calls. Any thread,
 * also event loops: it never waits.
 */
final class AnswerJudge {
    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(AnswerJudge.class));

    private final ClockSkew skew;
    private final CredentialSource source;
    private final RecentCredentials recent;

    AnswerJudge(ClockSkew skew, CredentialSource source, RecentCredentials recent) {
        this.skew = skew;
        this.source = source;
        this.recent = recent;
    }

    /** The endpoint accepted a call that was signed with {@code used}. */
    void accepted(Resolved used) {
        source.generations().accepted(used.generation());
    }

    /**
     * The fault of an answer with another status than 200, to a call that was signed with {@code used}.
     *
     * @param operation the call's
     */
    Fault faultOf(HttpAnswer answer, Resolved used, String operation) {
        ErrorAnswer error = ErrorAnswer.of(answer);
        if (skew.correct(error.code(), answer.header("Date"), answer.signed())) {
            return FaultRules.wrongClock(skew.offset());
        }
        Fault fault = FaultRules.ofAnswer(answer, error, operation);
        if (fault instanceof Fault.Expired expired) {
            return refused(used, expired);
        }
        if (fault instanceof Fault.Denied denied && !error.code().isEmpty()) {
            return denied(used, denied);
        }
        return fault;
    }

    private Fault refused(Resolved used, Fault.Expired expired) {
        boolean newest = isNewest(used);
        boolean again = source.generations().refused(used.generation());
        if (newest) {
            recent.forget();
        }
        if (!again) {
            return new Fault.Denied(Explanation.of(
                    expired.why().name(), expired.why().sentence() + "; " + source.describe() + " has no newer ones"));
        }
        if (newest) {
            log.info(
                    "refused",
                    "Credentials from " + source.describe() + " are refused and read anew: " + expired.detail());
        }
        return expired;
    }

    /**
     * The fault of a denied call. Newer credentials, if there are any, may be allowed the call, so it is tried again
     * with them.
     */
    private Fault denied(Resolved used, Fault.Denied denied) {
        if (!isNewest(used)) {
            return new Fault.Expired(denied.why());
        }
        recent.forget();
        boolean unused = source.generations().refused(used.generation());
        return denied;
    }

    private boolean isNewest(Resolved used) {
        return used.generation() == source.generations().present();
    }
}
