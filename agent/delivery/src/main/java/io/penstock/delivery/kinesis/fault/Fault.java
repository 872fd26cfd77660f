package io.penstock.delivery.kinesis.fault;

import io.penstock.base.text.OneLine;

/** Why a call, or one record of it, failed. */
public sealed interface Fault {
    /** The message of the endpoint or the connection: always one line of bounded length. */
    String detail();

    /** The rate was exceeded: nothing was stored; repeat later. */
    record Throttled(String detail) implements Fault {
        public Throttled {
            detail = OneLine.of(detail);
        }
    }

    /**
     * The endpoint could not answer: repeat later.
     *
     * @param perhapsStored true if it may have stored the records all the same
     */
    record Unavailable(String detail, boolean perhapsStored) implements Fault {
        public Unavailable {
            detail = OneLine.of(detail);
        }
    }

    /** The credentials have expired, and newer ones may be available: repeat with those. */
    record Expired(String detail) implements Fault {
        public Expired {
            detail = OneLine.of(detail);
        }
    }

    /** Not allowed, or configured wrongly: repeat once an operator has corrected it. */
    record Denied(String detail) implements Fault {
        public Denied {
            detail = OneLine.of(detail);
        }
    }

    /** The stream does not exist. */
    record MissingStream(String detail) implements Fault {
        public MissingStream {
            detail = OneLine.of(detail);
        }
    }

    /** The service refuses the request and would always refuse it. */
    record Rejected(String detail) implements Fault {
        public Rejected {
            detail = OneLine.of(detail);
        }
    }

    /** Something between this machine and the service refuses requests of this size: repeat in smaller requests. */
    record RequestTooLarge(String detail) implements Fault {
        public RequestTooLarge {
            detail = OneLine.of(detail);
        }
    }
}
