package io.penstock.forward.server.internal.connection;

import io.penstock.base.text.RateLimitedLog;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import org.slf4j.LoggerFactory;

/** Logs refusals: the lines of one address and reason grow rarer while they repeat. Thread-safe. */
final class RefusalLog {
    private final RateLimitedLog log =
            RateLimitedLog.of(LoggerFactory.getLogger("io.penstock.forward.server.ForwardServer"));

    void refused(Peer peer, Refusal refusal, long offset, String detail) {
        log.warn(
                refusal.label() + " " + peer.host(),
                "forward: closing " + peer + ": " + refusal.label() + " at byte " + offset + ": " + detail);
    }
}
