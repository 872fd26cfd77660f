package io.penstock.agent.forward;

import io.penstock.agent.metrics.Refusal;
import java.util.Optional;

/** Under which reason, of those that all sources have, a refusal of the forward server counts. */
final class RefusalLabels {
    private RefusalLabels() {}

    /** Empty: the intake, which refused it, has counted it. */
    static Optional<Refusal> of(io.penstock.forward.server.Refusal refusal) {
        return switch (refusal) {
            case NOT_ACCEPTED -> Optional.empty();
            case MALFORMED, TRUNCATED, BAD_COMPRESSION, TLS_FAILED -> Optional.of(Refusal.MALFORMED);
            case TOO_LARGE, TOO_MANY_ENTRIES, BOMB -> Optional.of(Refusal.TOO_LARGE);
            case UNKNOWN_COMPRESSION, NO_LOG_SIGNAL -> Optional.of(Refusal.UNSUPPORTED);
            case TOO_SLOW, IDLE -> Optional.of(Refusal.TIMEOUT);
            case OVERLOADED, TOO_MANY_CONNECTIONS -> Optional.of(Refusal.OVERLOADED);
            case UNAUTHENTICATED -> Optional.of(Refusal.FORBIDDEN);
            case STORAGE_FAILED -> Optional.of(Refusal.SPOOL_FAILED);
        };
    }
}
