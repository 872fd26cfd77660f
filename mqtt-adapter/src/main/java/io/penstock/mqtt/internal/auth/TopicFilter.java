package io.penstock.mqtt.internal.auth;

/** Topic filters (MQTT 5 section 4.7). */
public final class TopicFilter {
    private static final String SHARE = "$share/";

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

    /**
     * True if the wildcards of {@code filter} are whole levels and {@code #} is the last one [MQTT-4.7.1-1,
     * MQTT-4.7.1-2].
     *
     * @param shared true if {@code $share/NAME/} begins a shared subscription, whose name has no wildcard [MQTT-4.8.2-1,
     *     MQTT-4.8.2-2]
     */
    public static boolean isValid(String filter, boolean shared) {
        int level = 0;
        if (shared && filter.startsWith(SHARE)) {
            int end = levelEnd(filter, SHARE.length());
            level = end + 1;
            if (end == SHARE.length() || level >= filter.length() || hasWildcard(filter, SHARE.length(), end)) {
                return false;
            }
        }
        while (true) {
            int end = levelEnd(filter, level);
            boolean whole = end - level == 1;
            if (hasWildcard(filter, level, end) && (!whole || filter.charAt(level) == '#' && end < filter.length())) {
                return false;
            }
            if (end == filter.length()) {
                return true;
            }
            level = end + 1;
        }
    }

    private static boolean hasWildcard(String filter, int from, int to) {
        for (int i = from; i < to; i++) {
            if (filter.charAt(i) == '+' || filter.charAt(i) == '#') {
                return true;
            }
        }
        return false;
    }

    private static int levelEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }
}
