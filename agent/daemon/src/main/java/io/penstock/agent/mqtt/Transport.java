package io.penstock.agent.mqtt;

import java.util.Locale;

/** What is spoken at an address of {@code mqtt.listen}, as the scheme before it says. */
public enum Transport {
    MQTT(false, false),
    MQTTS(true, false),
    WS(false, true),
    WSS(true, true);

    private final boolean encrypted;
    private final boolean webSocket;

    Transport(boolean encrypted, boolean webSocket) {
        this.encrypted = encrypted;
        this.webSocket = webSocket;
    }

    /** The scheme. */
    public String scheme() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean encrypted() {
        return encrypted;
    }

    public boolean webSocket() {
        return webSocket;
    }
}
