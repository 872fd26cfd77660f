package io.penstock.agent.mqtt;

import io.penstock.agent.metrics.Refusal;
import io.penstock.mqtt.Rejection;
import java.util.Optional;

/** Under which reason, of those that all sources have, a rejected MQTT connection counts. */
final class RejectionLabels {
    private RejectionLabels() {}

    /** Empty: a connection that makes way for the next one of its client is not refused. */
    static Optional<Refusal> of(Rejection why) {
        return switch (why) {
            case TAKEN_OVER -> Optional.empty();
            case MALFORMED_PACKET,
                    PROTOCOL_ERROR,
                    TRANSPORT_FAILED,
                    TOPIC_INVALID,
                    TOPIC_ALIAS_INVALID,
                    CLIENT_ID_INVALID -> Optional.of(Refusal.MALFORMED);
            case UNSUPPORTED_VERSION, BAD_AUTHENTICATION_METHOD -> Optional.of(Refusal.UNSUPPORTED);
            case PACKET_TOO_LARGE -> Optional.of(Refusal.TOO_LARGE);
            case BAD_CREDENTIALS, NOT_AUTHORIZED -> Optional.of(Refusal.FORBIDDEN);
            case TOO_MANY_CONNECTIONS, QUOTA_EXCEEDED -> Optional.of(Refusal.OVERLOADED);
            case CONNECT_TIMEOUT, KEEP_ALIVE_TIMEOUT, SLOW_READER -> Optional.of(Refusal.TIMEOUT);
            case STORE_FAILED -> Optional.of(Refusal.SPOOL_FAILED);
            case SERVER_STOPPING -> Optional.of(Refusal.STOPPING);
            case HANDLER_FAILED, INTERNAL_ERROR -> Optional.of(Refusal.UNCONFIRMED);
        };
    }
}
