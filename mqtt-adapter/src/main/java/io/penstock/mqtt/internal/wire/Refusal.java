package io.penstock.mqtt.internal.wire;

import io.penstock.mqtt.RefusalReason;

/** Why a publish was refused for good, for the reason code and reason string of its acknowledgement. */
public record Refusal(RefusalReason reason, String text) {}
