package io.penstock.mqtt.internal.wire;

import java.io.ByteArrayOutputStream;

/** Receives the topic filters of a SUBSCRIBE or UNSUBSCRIBE in their order, and collects a reason code for each. */
public abstract class Filters {
    private final ByteArrayOutputStream codes = new ByteArrayOutputStream();

    /** @param options of a SUBSCRIBE (MQTT 5 section 3.8.3.1): its two lowest bits are the QoS */
    final void subscribe(String filter, int options) {
        codes.write(subscribed(filter, options & 3));
    }

    final void unsubscribe(String filter) {
        codes.write(unsubscribed(filter));
    }

    /** Returns the code of SUBACK. */
    protected abstract int subscribed(String filter, int qos);

    /** Returns the code of UNSUBACK. */
    protected abstract int unsubscribed(String filter);

    /** The codes since the last call. */
    public byte[] takeCodes() {
        byte[] all = codes.toByteArray();
        codes.reset();
        return all;
    }
}
