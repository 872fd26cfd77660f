package io.penstock.mqtt.bridge;

/**
 * Why a bridge is not connected, or cannot go on.
 *
 * @param text what happened, without payload
 * @param remedy what to do about it
 */
public record BridgeFault(Kind kind, String text, String remedy) {
    /** A bounded set, so that each value can be a metric's label. */
    public enum Kind {
        /** A file of the configuration is missing or unfit. */
        FILE_UNFIT,
        NO_SUCH_HOST,
        CONNECTION_REFUSED,
        UNREACHABLE,
        /** The broker's certificate is not signed by an authority that the bridge trusts. */
        NOT_TRUSTED,
        /** The broker's certificate has expired, or this machine's clock is wrong. */
        NOT_VALID_NOW,
        /** The broker's certificate has another name. */
        WRONG_NAME,
        TLS_FAILED,
        WEBSOCKET_REFUSED,
        BAD_CREDENTIALS,
        NOT_AUTHORIZED,
        CLIENT_ID_REFUSED,
        VERSION_REFUSED,
        /** The broker is busy, stops, or has reached a limit. */
        BROKER_UNAVAILABLE,
        /** Another client uses the same client identifier. */
        TAKEN_OVER,
        /** The broker names another server. */
        OTHER_SERVER,
        /** The broker breaks a rule of MQTT, or says that the bridge does. */
        PROTOCOL_ERROR,
        NO_ANSWER,
        CONNECTION_LOST,
        FILTER_REFUSED,
        HANDLER_FAILED,
        STORE_FAILED,
        INTERNAL_ERROR
    }

    @Override
    public String toString() {
        return remedy.isEmpty() ? text : text + " (remedy: " + remedy + ")";
    }
}
