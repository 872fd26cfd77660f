package io.penstock.agent.mqtt;

import io.penstock.agent.metrics.Refusal;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.Receipt;
import io.penstock.mqtt.bridge.BridgeHandler;

/** Takes what a bridge's broker delivers for the spools. On the event loops of the bridge's connections. */
final class BridgeIntake implements BridgeHandler {
    private final SpoolIntake intake;
    private final int packet;

    /** @param packet the largest packet that is taken whole, in bytes */
    BridgeIntake(SpoolIntake intake, int packet) {
        this.intake = intake;
        this.packet = packet;
    }

    @Override
    public void onPublish(Publish publish, Receipt receipt) {
        intake.onPublish(publish, receipt);
    }

    @Override
    public void onTooLarge(Publish head, long payloadBytes, Receipt receipt) {
        intake.putAside(
                head,
                Refusal.TOO_LARGE,
                "a payload of " + payloadBytes + " bytes makes a packet of more than the " + packet
                        + " bytes that the bridge's key packet permits; here is its beginning",
                receipt);
    }

    @Override
    public void onUnfit(Publish publish, String fault, Receipt receipt) {
        intake.putAside(
                publish, Refusal.MALFORMED, "the broker delivers what breaks a rule of MQTT: " + fault, receipt);
    }
}
