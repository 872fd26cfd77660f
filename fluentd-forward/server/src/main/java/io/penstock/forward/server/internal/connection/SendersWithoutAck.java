package io.penstock.forward.server.internal.connection;

import io.penstock.forward.server.Peer;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once per address that its chunks come without a wish for an acknowledgement. Bounded by {@value #MOST}
 * addresses; further ones are counted only. Thread-safe.
 */
final class SendersWithoutAck {
    private static final Logger LOG = LoggerFactory.getLogger("io.penstock.forward.server.ForwardServer");
    private static final int MOST = 1_000;

    private final Set<String> known = new HashSet<>();

    void sent(Peer peer) {
        String host = peer.host();
        synchronized (known) {
            if (known.size() == MOST || !known.add(host)) {
                return;
            }
        }
        LOG.warn(
                "forward: {} asks for no acknowledgements: what is under way when its connection or this agent ends is lost."
                        + " Set require_ack_response true there; with an upstream Fluent Bit reads it in each [NODE] only",
                host);
    }
}
