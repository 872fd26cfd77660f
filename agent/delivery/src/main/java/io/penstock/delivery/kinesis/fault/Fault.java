package io.penstock.delivery.kinesis.fault;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;

/** Why a call, or one record of it, failed. */
public sealed interface Fault {
    /** The fault in words, under the name of its kind. */
    Explanation why();

    /** The words as one line of bounded length. */
    default String detail() {
        return why().text();
    }

    /** The rate was exceeded: nothing was stored; repeat later. */
    record Throttled(Explanation why) implements Fault {
        public Throttled(String detail) {
            this(Explanation.of(ConditionName.THROTTLED, detail));
        }
    }

    /**
     * The endpoint could not answer: repeat later.
     *
     * @param perhapsStored true if it may have stored the records all the same
     */
    record Unavailable(Explanation why, boolean perhapsStored) implements Fault {
        public Unavailable(String detail, boolean perhapsStored) {
            this(Explanation.of(ConditionName.SERVICE_ERROR, detail), perhapsStored);
        }
    }

    /** The credentials have expired, and newer ones may be available: repeat with those. */
    record Expired(Explanation why) implements Fault {
        public Expired(String detail) {
            this(Explanation.of(ConditionName.CREDENTIALS, detail));
        }
    }

    /** Not allowed, or configured wrongly: repeat once an operator has corrected it. */
    record Denied(Explanation why) implements Fault {
        public Denied(String detail) {
            this(Explanation.of(ConditionName.PARKED, detail));
        }
    }

    /** The stream does not exist. */
    record MissingStream(Explanation why) implements Fault {
        public MissingStream(String detail) {
            this(Explanation.of(ConditionName.STREAM_MISSING, detail));
        }
    }

    /** The service refuses the request and would always refuse it. */
    record Rejected(Explanation why) implements Fault {
        public Rejected(String detail) {
            this(Explanation.of(ConditionName.DEAD_LETTERS, detail));
        }
    }

    /** Something between this machine and the service refuses requests of this size: repeat in smaller requests. */
    record RequestTooLarge(Explanation why) implements Fault {
        public RequestTooLarge(String detail) {
            this(Explanation.of(ConditionName.REQUEST_TOO_LARGE, detail));
        }
    }
}
