package io.penstock.mqtt.bridge;

import io.penstock.base.settings.Word;
import java.nio.charset.StandardCharsets;

/**
 * One topic filter that a bridge subscribes to.
 *
 * @param filter as MQTT 5 section 4.7 has it, without {@code $share}
 * @param qos the highest QoS that the broker may use
 */
public record BridgeTopic(String filter, int qos, Retained retained) {
    /** What a bridge does with the retained messages that the broker sends because of the subscription. */
    public enum Retained {
        /** They are handed over; their {@code retain} is true. */
        @Word("take")
        TAKE,
        /** MQTT 5 brokers are asked to send none. Any that comes is acknowledged and left out. */
        @Word("skip")
        SKIP
    }

    private static final int MOST_BYTES = 0xFFFF;
    private static final String SHARE = "$share/";

    public BridgeTopic {
        String fault = fault(filter);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException("topic filter '" + filter + "' " + fault);
        }
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("QoS " + qos + " of topic filter '" + filter + "' is not 0, 1 or 2");
        }
    }

    /** What is wrong with a filter, in words that follow it; empty if nothing is. */
    public static String fault(String filter) {
        if (filter.isEmpty()) {
            return "is empty; # takes every topic";
        }
        if (filter.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            return "is longer than " + MOST_BYTES + " bytes";
        }
        if (filter.indexOf('\0') >= 0) {
            return "holds U+0000";
        }
        if (filter.startsWith(SHARE)) {
            return "begins with $share; write the group as shared-group";
        }
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            String level = levels[i];
            if (level.indexOf('#') >= 0 && (level.length() > 1 || i < levels.length - 1)) {
                return "has # that is not its whole last level";
            }
            if (level.indexOf('+') >= 0 && level.length() > 1) {
                return "has + that is not a whole level";
            }
        }
        return "";
    }
}
