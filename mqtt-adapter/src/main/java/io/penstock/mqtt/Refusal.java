package io.penstock.mqtt;

/** Why a publish was refused for good, for the reason code and reason string of its acknowledgement. */
record Refusal(RefusalReason reason, String text) {}
