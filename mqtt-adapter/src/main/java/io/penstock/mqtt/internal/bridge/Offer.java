package io.penstock.mqtt.internal.bridge;

/** As what a publish goes to the handler. */
sealed interface Offer {
    /** The usual one. */
    Offer WHOLE = new Whole();

    /** All of it is there. */
    record Whole() implements Offer {}

    /**
     * Only its beginning is there.
     *
     * @param payloadBytes the size of the whole payload
     */
    record TooLarge(long payloadBytes) implements Offer {}

    /**
     * It breaks a rule of MQTT.
     *
     * @param fault which one, in words
     */
    record Unfit(String fault) implements Offer {}
}
