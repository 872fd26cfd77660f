package io.penstock.agent.route;

import io.penstock.base.settings.Parsed;
import java.util.List;

/**
 * Events that bridges take from brokers: of the bridge of this name, or of every bridge, those whose topic the filter
 * takes.
 *
 * @param bridge its name, or {@code +} for every bridge
 */
public record BridgePattern(String bridge, TopicFilter filter) implements RoutePattern {
    /** Stands for every bridge. */
    public static final String ANY = "+";

    private static final String NAME = "[a-zA-Z0-9_.-]{1,64}";
    private static final String REMEDY =
            "write bridge:NAME/TOPIC_FILTER, such as bridge:plant/sensors/#, or + as the name" + " for every bridge";

    static Parsed<RoutePattern> parse(String text) {
        int slash = text.indexOf('/');
        String name = slash < 0 ? text : text.substring(0, slash);
        if (!name.equals(ANY) && !isName(name)) {
            return Parsed.wrong("\"" + name + "\" is no name of a bridge", REMEDY);
        }
        if (slash < 0) {
            return Parsed.wrong("\"" + text + "\" has no topic filter", REMEDY);
        }
        return TopicFilter.read(text.substring(slash + 1))
                .then(filter -> Parsed.right(new BridgePattern(name, filter)));
    }

    /** Whether {@code text} can be a bridge's name: 1 to 64 letters, digits, underscores, dots and hyphens. */
    public static boolean isName(String text) {
        return text.matches(NAME);
    }

    @Override
    public Source source() {
        return Source.BRIDGE;
    }

    @Override
    public boolean matches(String bridgedTopic) {
        int slash = bridgedTopic.indexOf('/');
        boolean takes = bridge.equals(ANY) || slash == bridge.length() && bridgedTopic.startsWith(bridge);
        return takes && filter.matches(bridgedTopic, slash + 1);
    }

    /** Whether the bridge {@code name} may bring an event that it takes, having subscribed to {@code filters}. */
    public boolean meets(String name, List<String> filters) {
        return (bridge.equals(ANY) || bridge.equals(name))
                && filters.stream().anyMatch(each -> filter.meets(new TopicFilter(each)));
    }

    @Override
    public boolean covers(RoutePattern other) {
        return other instanceof BridgePattern theirs
                && (bridge.equals(ANY) || bridge.equals(theirs.bridge))
                && filter.covers(theirs.filter);
    }

    @Override
    public String toString() {
        return "bridge:" + bridge + "/" + filter.filter();
    }
}
