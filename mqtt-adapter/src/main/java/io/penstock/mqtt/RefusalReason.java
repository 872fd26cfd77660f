package io.penstock.mqtt;

/** Why a publish can never be accepted: the MQTT 5 reason codes of PUBACK and PUBREC (sections 3.4.2.1 and 3.5.2.1). */
public enum RefusalReason {
    UNSPECIFIED_ERROR(0x80),
    IMPLEMENTATION_SPECIFIC_ERROR(0x83),
    NOT_AUTHORIZED(0x87),
    TOPIC_NAME_INVALID(0x90),
    QUOTA_EXCEEDED(0x97),
    PAYLOAD_FORMAT_INVALID(0x99);

    private final int code;

    RefusalReason(int code) {
        this.code = code;
    }

    /** The reason code as sent. */
    public int code() {
        return code;
    }
}
