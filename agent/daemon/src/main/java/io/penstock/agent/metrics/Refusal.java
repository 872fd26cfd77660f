package io.penstock.agent.metrics;

import io.penstock.base.condition.ConditionName;
import java.util.Locale;
import java.util.Optional;

/** Why a source refused something: the values of the label {@code reason}, the same for every source. */
public enum Refusal {
    /** Bytes that are not what the protocol or the declared format says. */
    MALFORMED,
    /** Larger than what can be delivered, or than the listener takes. */
    TOO_LARGE,
    /** A host, an origin, a credential or a permission. */
    FORBIDDEN,
    /** More requests or bytes per second than a user may send. */
    RATE_LIMITED,
    /** A path, method or format that is not there. */
    UNSUPPORTED,
    /** A name that no stream can have. */
    INVALID_STREAM,
    /** One more stream than {@code max-streams}. */
    TOO_MANY_STREAMS,
    /** The spool had no room within the time that a source waits for it. */
    SPOOL_FULL,
    /** The spool failed or is closing. */
    SPOOL_FAILED,
    /** The listener holds as many unfinished bodies as it may. */
    OVERLOADED,
    /** The peer did not finish what it began in time. */
    TIMEOUT,
    /** The agent could not do its part in time. */
    UNCONFIRMED,
    /** The agent is stopping. */
    STOPPING,
    /** A defect of the agent, whose log has the stack trace. */
    DEFECT;

    /** The condition that a client is in for which this is counted; empty if the cause is not the client. */
    Optional<ConditionName> ofClient() {
        return switch (this) {
            case MALFORMED, TOO_LARGE, UNSUPPORTED, INVALID_STREAM, TOO_MANY_STREAMS, TIMEOUT ->
                Optional.of(ConditionName.BAD_CLIENT);
            case FORBIDDEN -> Optional.of(ConditionName.LOGIN_FAILED);
            case RATE_LIMITED, OVERLOADED -> Optional.of(ConditionName.CLIENT_FLOODING);
            case SPOOL_FULL, SPOOL_FAILED, UNCONFIRMED, STOPPING, DEFECT -> Optional.empty();
        };
    }

    /** As it stands in the metric. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
