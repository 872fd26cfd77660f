package io.penstock.forward.server;

import io.penstock.base.text.RateLimitedLog;
import org.slf4j.LoggerFactory;

/** Logs refusals: the lines of one address and reason grow rarer while they repeat. Thread-safe. */
final class RefusalLog {
    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(ForwardServer.class));

    void refused(Peer peer, Refusal refusal, long offset, String detail) {
        log.warn(
                refusal.label() + " " + peer.host(),
                "forward: closing " + peer + ": " + refusal.label() + " at byte " + offset + ": " + detail);
    }
}
