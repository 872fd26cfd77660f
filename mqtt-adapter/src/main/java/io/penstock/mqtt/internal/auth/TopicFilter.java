package io.penstock.mqtt.internal.auth;

/** Matches topic names against topic filters (MQTT 5 section 4.7). */
public final class TopicFilter {
    private TopicFilter() {}

    /**
     * True if {@code topic} matches; {@code +} matches one level, {@code #} all further levels and the parent
     * [MQTT-4.7.1-1, MQTT-4.7.1-2].
     */
    public static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false; // [MQTT-4.7.2-1]
        }
        int f = 0;
        int t = 0;
        while (true) {
            int filterEnd = levelEnd(filter, f);
            if (filterEnd - f == 1 && filter.charAt(f) == '#') {
                return true;
            }
            int topicEnd = levelEnd(topic, t);
            boolean any = filterEnd - f == 1 && filter.charAt(f) == '+';
            if (!any && !(filterEnd - f == topicEnd - t && filter.regionMatches(f, topic, t, topicEnd - t))) {
                return false;
            }
            boolean filterDone = filterEnd == filter.length();
            boolean topicDone = topicEnd == topic.length();
            if (topicDone) {
                return filterDone || filter.startsWith("/#", filterEnd) && filterEnd + 2 == filter.length();
            }
            if (filterDone) {
                return false;
            }
            f = filterEnd + 1;
            t = topicEnd + 1;
        }
    }

    private static int levelEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }
}
