package io.penstock.mqtt.internal.bridge;

import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.internal.wire.BrokerPacket;
import io.penstock.mqtt.internal.wire.PropertyWalker;
import java.time.Duration;
import java.util.Optional;

/**
 * What the broker answers CONNECT.
 *
 * @param refusal empty if it accepts the connection
 * @param mostPacket bytes of a packet that the broker takes
 * @param keepAlive the longest time without a packet
 * @param assigned the client identifier that it gives although the bridge has one; empty as a rule
 * @param expiry how long it keeps the session
 */
record Connack(
        Optional<BridgeFault> refusal,
        boolean sessionPresent,
        long mostPacket,
        Duration keepAlive,
        String assigned,
        Duration expiry) {

    static Connack of(BrokerPacket packet, BridgeSettings settings, boolean five) {
        Optional<BridgeFault> refusal = packet.code() == 0
                ? Optional.empty()
                : Optional.of(Faults.refused(
                        packet.code(),
                        five,
                        packet.text(PropertyWalker.REASON_STRING),
                        packet.text(PropertyWalker.SERVER_REFERENCE)));
        long asked = settings.session().keepAlive().toSeconds();
        long seconds = packet.number(PropertyWalker.SERVER_KEEP_ALIVE).orElse(asked);
        return new Connack(
                refusal,
                packet.sessionPresent(),
                packet.number(PropertyWalker.MAXIMUM_PACKET_SIZE).orElse(Long.MAX_VALUE),
                Duration.ofSeconds(seconds == 0 ? asked : seconds),
                packet.text(PropertyWalker.ASSIGNED_CLIENT_ID),
                Duration.ofSeconds(packet.number(PropertyWalker.SESSION_EXPIRY)
                        .orElse(settings.session().expiry().toSeconds())));
    }

    /** Tells what the operator may not expect. */
    void tell(BridgeReporter reporter, Duration wanted) {
        if (!assigned.isEmpty()) {
            reporter.warn(
                    "CONNACK",
                    "the broker's CONNACK is odd: it assigns the client identifier " + assigned
                            + " where one was given");
        }
        if (expiry.compareTo(wanted) < 0) {
            reporter.warn(
                    "expiry",
                    "the broker keeps the session for " + expiry.toSeconds() + " s only, not " + wanted.toSeconds()
                            + " s: what it gets while the bridge is away for longer is lost (remedy: raise the limit at"
                            + " the broker)");
        }
    }
}
