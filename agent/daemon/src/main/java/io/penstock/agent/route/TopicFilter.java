package io.penstock.agent.route;

import io.penstock.base.settings.Parsed;
import java.nio.charset.StandardCharsets;

/** Events of the MQTT source by their topic (MQTT 5.0, section 4.7: wildcards, and topics that begin with $). */
record TopicFilter(String filter) implements RoutePattern {
    private static final int LONGEST = 65_535;
    private static final String REMEDY = "write a topic filter such as sensors/+/temperature or sensors/#";

    static Parsed<RoutePattern> parse(String filter) {
        return read(filter).then(Parsed::right);
    }

    static Parsed<TopicFilter> read(String filter) {
        String quoted = "\"" + filter + "\"";
        if (filter.isEmpty()) {
            return Parsed.wrong("the topic filter is empty", REMEDY);
        }
        if (filter.getBytes(StandardCharsets.UTF_8).length > LONGEST || filter.indexOf('\0') >= 0) {
            return Parsed.wrong("the topic filter is too long or has a null character", REMEDY);
        }
        for (int i = 0; i < filter.length(); i++) {
            char c = filter.charAt(i);
            boolean begins = i == 0 || filter.charAt(i - 1) == '/';
            boolean ends = i == filter.length() - 1 || filter.charAt(i + 1) == '/';
            if (c == '#' && !(begins && i == filter.length() - 1)) {
                return Parsed.wrong(quoted + " has a # that is not the last level", "# stands alone at the end: a/b/#");
            }
            if (c == '+' && !(begins && ends)) {
                return Parsed.wrong(quoted + " has a + beside other characters", "+ stands for a whole level: a/+/b");
            }
        }
        return Parsed.right(new TopicFilter(filter));
    }

    @Override
    public Source source() {
        return Source.MQTT;
    }

    @Override
    public boolean matches(String topic) {
        return matches(topic, 0);
    }

    /** Whether it takes the topic that begins at {@code from}. */
    boolean matches(String topic, int from) {
        if (topic.length() > from && topic.charAt(from) == '$' && startsWithWildcard()) {
            return false;
        }
        int t = from;
        for (int f = 0; f < filter.length(); f++) {
            char c = filter.charAt(f);
            if (c == '#') {
                return true;
            }
            if (c == '+') {
                int slash = topic.indexOf('/', t);
                t = slash < 0 ? topic.length() : slash;
            } else if (t < topic.length() && topic.charAt(t) == c) {
                t++;
            } else {
                // a/# takes a itself as well.
                return t == topic.length() && f == filter.length() - 2 && filter.endsWith("/#");
            }
        }
        return t == topic.length();
    }

    private boolean startsWithWildcard() {
        return filter.charAt(0) == '+' || filter.charAt(0) == '#';
    }

    /** Whether some topic matches both. */
    boolean meets(TopicFilter other) {
        if (filter.charAt(0) == '$' && other.startsWithWildcard()
                || other.filter.charAt(0) == '$' && startsWithWildcard()) {
            return false;
        }
        String[] mine = filter.split("/", -1);
        String[] theirs = other.filter.split("/", -1);
        for (int i = 0; i < Math.max(mine.length, theirs.length); i++) {
            String one = i < mine.length ? mine[i] : "";
            String two = i < theirs.length ? theirs[i] : "";
            if (one.equals("#") || two.equals("#")) {
                return true;
            }
            if (i >= mine.length || i >= theirs.length) {
                return false;
            }
            if (!one.equals("+") && !two.equals("+") && !one.equals(two)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean covers(RoutePattern other) {
        if (!(other instanceof TopicFilter theirs)) {
            return false;
        }
        String[] mine = filter.split("/", -1);
        String[] levels = theirs.filter.split("/", -1);
        if (levels[0].startsWith("$") && (mine[0].equals("+") || mine[0].equals("#"))) {
            return false;
        }
        for (int i = 0; i < mine.length; i++) {
            if (mine[i].equals("#")) {
                return true;
            }
            if (i == levels.length || levels[i].equals("#") || !mine[i].equals("+") && !mine[i].equals(levels[i])) {
                return false;
            }
        }
        return mine.length == levels.length;
    }

    @Override
    public String toString() {
        return "mqtt:" + filter;
    }
}
