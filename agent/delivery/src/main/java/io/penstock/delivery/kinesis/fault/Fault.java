package io.penstock.delivery.kinesis.fault;

import io.penstock.base.text.OneLine;

/** Why a call, or one record of it, was not carried out. */
public sealed interface Fault {
    /** What the endpoint or the connection said, for people: one line of bounded length, whatever came. */
    String detail();

    /** Too fast: nothing was stored, the same later. */
    record Throttled(String detail) implements Fault {
        public Throttled {
            detail = OneLine.of(detail);
        }
    }

    /**
     * The endpoint could not answer: the same later.
     *
     * @param perhapsStored whether it may have stored the records all the same
     */
    record Unavailable(String detail, boolean perhapsStored) implements Fault {
        public Unavailable {
            detail = OneLine.of(detail);
        }
    }

    /** The credentials are not taken any more, and there may be newer ones: the same with those. */
    record Expired(String detail) implements Fault {
        public Expired {
            detail = OneLine.of(detail);
        }
    }

    /** Not allowed, or set up wrongly: the same once somebody has mended it. */
    record Denied(String detail) implements Fault {
        public Denied {
            detail = OneLine.of(detail);
        }
    }

    /** There is no such stream. */
    record MissingStream(String detail) implements Fault {
        public MissingStream {
            detail = OneLine.of(detail);
        }
    }

    /** The service itself refuses the request, and would at every time. */
    record Rejected(String detail) implements Fault {
        public Rejected {
            detail = OneLine.of(detail);
        }
    }

    /** Something between this machine and the service takes no request of this size: the same in smaller ones. */
    record RequestTooLarge(String detail) implements Fault {
        public RequestTooLarge {
            detail = OneLine.of(detail);
        }
    }
}
