package io.penstock.agent.kinesisapi;

import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.engine.api.FrontListener;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.wire.KinesisModel;
import java.net.SocketAddress;

/** Tells what the API's front refuses as facts of the source. Thread-safe. */
record ApiFacts(SourceFacts facts) implements FrontListener {
    @Override
    public void answered(String operation) {}

    @Override
    public void refused(String operation, ServiceException refusal, String peer) {
        facts.refused(reason(operation, refusal.type()), peer, operation + ": " + refusal.text());
    }

    /** Puts find too many streams, and subscriptions too many of their kind. */
    private static Refusal reason(String operation, ErrorType type) {
        return type == ErrorType.LIMIT_EXCEEDED && operation.equals(KinesisModel.SUBSCRIBE_TO_SHARD.wireName())
                ? Refusal.OVERLOADED
                : reason(type);
    }

    @Override
    public void rejected(ServiceException refusal, String peer) {
        facts.refused(reason(refusal.type()), peer, refusal.text());
    }

    @Override
    public void dropped(String unread, String peer) {
        facts.refused(Refusal.TIMEOUT, peer, "it does not read its " + unread);
    }

    @Override
    public void turnedAway(SocketAddress peer, String why) {
        facts.refused(Refusal.OVERLOADED, String.valueOf(peer), why);
    }

    private static Refusal reason(ErrorType type) {
        return switch (type) {
            case ACCESS_DENIED,
                    INCOMPLETE_SIGNATURE,
                    INVALID_SIGNATURE,
                    MISSING_AUTHENTICATION_TOKEN,
                    UNRECOGNIZED_CLIENT -> Refusal.FORBIDDEN;
            case RESOURCE_NOT_FOUND -> Refusal.INVALID_STREAM;
            case LIMIT_EXCEEDED -> Refusal.TOO_MANY_STREAMS;
            case THROUGHPUT_EXCEEDED -> Refusal.SPOOL_FULL;
            case REQUEST_TOO_LARGE -> Refusal.TOO_LARGE;
            case REQUEST_TIMEOUT -> Refusal.TIMEOUT;
            case SERVICE_UNAVAILABLE -> Refusal.UNCONFIRMED;
            case UNKNOWN_OPERATION -> Refusal.UNSUPPORTED;
            case INTERNAL_FAILURE -> Refusal.DEFECT;
            default -> Refusal.MALFORMED;
        };
    }
}
