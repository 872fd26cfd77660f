package io.penstock.mqtt.internal.bridge;

import io.penstock.mqtt.bridge.BridgeSettings;
import io.penstock.mqtt.bridge.BridgeTopic;
import io.penstock.mqtt.internal.auth.TopicFilter;
import java.util.List;

/** Which of the delivered publishes were asked for. Immutable. */
final class Wanted {
    private final List<BridgeTopic> topics;
    private final boolean skips;

    Wanted(BridgeSettings settings) {
        this.topics = settings.topics();
        this.skips = topics.stream().anyMatch(topic -> topic.retained() == BridgeTopic.Retained.SKIP);
    }

    /**
     * False for a topic that begins with {@code $} and that no filter names, such as a broker's own figures, and for a
     * retained message whose filters all skip these. A topic without a filter is wanted: the session may hold messages
     * of a filter that has left the configuration.
     */
    boolean wants(String topic, boolean retained) {
        if (topic.startsWith("$") && topics.stream().noneMatch(each -> matches(each, topic))) {
            return false;
        }
        if (!retained || !skips) {
            return true;
        }
        boolean skipped = false;
        for (BridgeTopic each : topics) {
            if (matches(each, topic)) {
                if (each.retained() == BridgeTopic.Retained.TAKE) {
                    return true;
                }
                skipped = true;
            }
        }
        return !skipped;
    }

    private static boolean matches(BridgeTopic topic, String name) {
        return TopicFilter.matches(topic.filter(), name);
    }
}
