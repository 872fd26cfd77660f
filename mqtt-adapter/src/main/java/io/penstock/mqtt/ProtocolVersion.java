package io.penstock.mqtt;

/** The protocol versions that clients may speak. */
public enum ProtocolVersion {
    /** Protocol name MQIsdp, level 3. */
    MQTT_3_1("3.1"),
    /** Level 4. */
    MQTT_3_1_1("3.1.1"),
    /** Level 5. */
    MQTT_5("5");

    private final String number;

    ProtocolVersion(String number) {
        this.number = number;
    }

    /** As the specification is numbered: 3.1, 3.1.1 or 5. */
    public String number() {
        return number;
    }
}
