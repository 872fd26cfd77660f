package io.penstock.agent.mqtt;

import io.penstock.agent.route.RoutePattern;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Written;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An element of {@code topics} of a bridge. */
public record BridgeSourceTopic(
        @Key(required = "write a topic filter such as sensors/#", example = "sensors/#")
        @As(Filter.class)
        @Doc("a topic filter; `#` takes everything but topics that begin with `$`: `$SYS/#` asks for these")
        String filter,

        @Key(usual = "1") @Range(most = "2") @Doc("the highest QoS at which the broker sends: 0, 1 or 2")
        int qos) {

    /** A filter that needs no group. */
    static final class Filter implements Notation<String> {
        @Override
        public Parsed<String> parse(String text) {
            if (text.startsWith("$share/")) {
                return Parsed.wrong(
                        "\"" + text + "\" names a group",
                        "write the filter alone here, and shared-group: beside topics");
            }
            return RoutePattern.topicFilter(text);
        }
    }

    /** The broker has one subscription to a filter: the second would replace the first. */
    static void checkTogether(Written bridge, List<BridgeSourceTopic> topics) {
        Set<String> filters = new HashSet<>();
        for (int i = 0; i < topics.size(); i++) {
            Written topic = bridge.sections("topics").get(i);
            if (topic.right("filter") && !filters.add(topics.get(i).filter())) {
                topic.wrong("filter", "\"" + topics.get(i).filter() + "\" stands here twice", "take one of them out");
            }
        }
    }
}
