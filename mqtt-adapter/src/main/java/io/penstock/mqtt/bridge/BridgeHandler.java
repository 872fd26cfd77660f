package io.penstock.mqtt.bridge;

import io.penstock.mqtt.Publish;
import io.penstock.mqtt.PublishHandler;
import io.penstock.mqtt.Receipt;

/**
 * Receives what a broker delivers, as {@link PublishHandler} does: on the event loop of the bridge's connection, one
 * publish at a time per connection, in order of arrival. Must not block.
 *
 * <p>Of a {@link Publish} the topic, the payload, QoS, RETAIN, DUP and the properties are the broker's. RETAIN is true
 * if the broker sends a retained message because of the subscription. The client identifier is the bridge's own, and
 * the remote address the broker's.
 *
 * <p>If the handler throws, or does not fill the receipt, nothing is acknowledged: the bridge says so, reads no
 * further, and offers the publish again after a pause.
 */
public interface BridgeHandler extends PublishHandler {
    /**
     * A publish is larger than {@code maxPacketSize}. It cannot be kept whole, and without an acknowledgement the broker
     * would send it for ever. So the handler keeps what is here, for example as a dead letter, and then fills the
     * receipt: {@code stored} or {@code refused} acknowledge, {@code noRoom} holds.
     *
     * @param head the publish with the beginning of its payload
     * @param payloadBytes the size of the whole payload
     */
    void onTooLarge(Publish head, long payloadBytes, Receipt receipt);

    /**
     * A publish breaks a rule of MQTT: its topic name has a wildcard or is no UTF-8, or its properties cannot be read.
     * The broker would send it again over each connection, so the handler keeps it, for example as a dead letter, and
     * then fills the receipt as for {@link #onTooLarge}.
     *
     * @param publish without properties; its topic may be no topic name, or empty; where the fault is in the properties,
     *     the payload begins with them
     * @param fault the rule, in words
     */
    void onUnfit(Publish publish, String fault, Receipt receipt);
}
