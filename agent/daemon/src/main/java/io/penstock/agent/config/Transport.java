package io.penstock.agent.config;

/** What is spoken at an address of {@code mqtt.listen}, as the scheme before it says. */
public enum Transport implements Keyword {
    MQTT("mqtt", false, false),
    MQTTS("mqtts", true, false),
    WS("ws", false, true),
    WSS("wss", true, true);

    private final String keyword;
    private final boolean encrypted;
    private final boolean webSocket;

    Transport(String keyword, boolean encrypted, boolean webSocket) {
        this.keyword = keyword;
        this.encrypted = encrypted;
        this.webSocket = webSocket;
    }

    @Override
    public String keyword() {
        return keyword;
    }

    public boolean encrypted() {
        return encrypted;
    }

    public boolean webSocket() {
        return webSocket;
    }
}
