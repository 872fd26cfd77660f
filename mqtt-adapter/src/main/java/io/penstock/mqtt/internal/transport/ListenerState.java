package io.penstock.mqtt.internal.transport;

import io.penstock.base.tls.ReloadedCertificates;
import io.penstock.mqtt.MqttListener;
import org.jspecify.annotations.Nullable;

/**
 * What new connections of a listener get.
 *
 * @param tls of an encrypted one
 */
public record ListenerState(MqttListener listener, @Nullable ReloadedCertificates tls) {
    /** Watches the certificates no longer. */
    public void close() {
        if (tls != null) {
            tls.close();
        }
    }
}
