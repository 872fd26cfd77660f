package io.penstock.mqtt;

/** Why a connection was refused or closed by the server. A bounded set, so that each value can be a metric's label. */
public enum Rejection {
    /** A packet that cannot be parsed. */
    MALFORMED_PACKET("its bytes are not MQTT: look at what program that is, and update its MQTT library"),
    /** A well-formed packet that is not allowed now or not with these values. */
    PROTOCOL_ERROR("update the client or its MQTT library"),
    /** A protocol name or level that is not MQTT 3.1, 3.1.1 or 5. */
    UNSUPPORTED_VERSION("set the client to MQTT 3.1, 3.1.1 or 5"),
    /** A packet above the maximum packet size. */
    PACKET_TOO_LARGE("send smaller payloads, or raise the maximum packet size"),
    /** A protocol below MQTT failed: a TLS handshake, WebSocket frames, a PROXY protocol header. */
    TRANSPORT_FAILED("compare the client's transport (TLS, WebSocket, PROXY protocol) with the listener's"),
    /** An invalid topic name, or one beyond the limits. */
    TOPIC_INVALID("change the topic that the client publishes to"),
    /** A topic alias that is 0 or above the announced maximum. */
    TOPIC_ALIAS_INVALID("let the client give each topic alias a topic, up to the topic alias maximum of the CONNACK"),
    /** A client identifier that is not accepted. */
    CLIENT_ID_INVALID("give the client another client identifier"),
    /** The client requested enhanced authentication. */
    BAD_AUTHENTICATION_METHOD("let the client use a user name and password, or a certificate"),
    /** Wrong user name or password. */
    BAD_CREDENTIALS("correct the client's user name or password, or the password file"),
    /** The client is known but may not connect, or may not publish to the topic. */
    NOT_AUTHORIZED("allow it in the access rules, if it should be allowed"),
    /** No CONNECT within the connect timeout. */
    CONNECT_TIMEOUT("look at what program connects without speaking MQTT"),
    /** No packet for one and a half times the keep alive. */
    KEEP_ALIVE_TIMEOUT("look at its network, or lengthen the client's keep alive"),
    /** The client does not read the answers. */
    SLOW_READER("look at its network, or at why the client does not read"),
    /** Another connection uses the same client identifier. */
    TAKEN_OVER("give each client an identifier of its own if that was not a reconnect"),
    /** The limit of open connections is reached. */
    TOO_MANY_CONNECTIONS("raise the limit on connections"),
    /** A limit on memory or sessions is reached. */
    QUOTA_EXCEEDED("raise the limit that was met"),
    /** The store failed: pending acknowledgements can never be given. */
    STORE_FAILED("see the error of the store in the log"),
    /** The server stops. */
    SERVER_STOPPING("none is needed: clients reconnect"),
    /** The publish handler threw, or did not fill the receipt. */
    HANDLER_FAILED("see the error in the log"),
    /** A defect of this server. */
    INTERNAL_ERROR("see the error in the log, and report it");

    private final String remedy;

    Rejection(String remedy) {
        this.remedy = remedy;
    }

    /** What an operator can do, in words. */
    public String remedy() {
        return remedy;
    }
}
