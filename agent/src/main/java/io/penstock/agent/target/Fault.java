package io.penstock.agent.target;

/** Why a call, or one record of it, was not carried out. */
public sealed interface Fault {
    /** What the endpoint or the connection said, for people. */
    String detail();

    /** Too fast: nothing was stored, the same later. */
    record Throttled(String detail) implements Fault {}

    /**
     * The endpoint could not answer: the same later.
     *
     * @param perhapsStored whether it may have stored the records all the same
     */
    record Unavailable(String detail, boolean perhapsStored) implements Fault {}

    /** The credentials' time is over: the same with new ones. */
    record Expired(String detail) implements Fault {}

    /** Not allowed, or set up wrongly: the same once somebody has mended it. */
    record Denied(String detail) implements Fault {}

    /** There is no such stream. */
    record MissingStream(String detail) implements Fault {}

    /** The request itself is refused, and would be at every time. */
    record Rejected(String detail) implements Fault {}
}
