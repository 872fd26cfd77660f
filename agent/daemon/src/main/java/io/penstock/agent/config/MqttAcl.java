package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.mqtt.TopicAcl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code mqtt.acl:}, rules of which the first that applies decides. */
final class MqttAcl {
    private static final String LIST = "acl";
    private static final String ONE_OF_TWO = "write one of the two in each rule, with a topic filter or several";

    private MqttAcl() {}

    /** @param authenticated whether anybody's user name is checked */
    static List<TopicAcl.Rule> read(Section mqtt, boolean authenticated) {
        return mqtt.sections(LIST, section -> Optional.of(rules(section, authenticated))).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<TopicAcl.Rule> rules(Section section, boolean authenticated) {
        Optional<String> user = section.optional("user", MqttAcl::name);
        Optional<String> client = section.optional("client-id", MqttAcl::name);
        List<TopicAcl.Rule> rules = new ArrayList<>();
        for (boolean allow : new boolean[] {true, false}) {
            Function<String, Parsed<TopicAcl.Rule>> rule = pattern -> rule(allow, user, client, pattern, authenticated);
            section.list(allow ? "allow" : "deny", rule).ifPresent(rules::addAll);
        }
        if (!section.has("allow") && !section.has("deny")) {
            section.lacks("allow", "is missing, and so is deny", ONE_OF_TWO);
        } else if (section.has("allow") && section.has("deny")) {
            section.wrong("deny", "stands beside allow", ONE_OF_TWO);
        }
        if (user.isPresent() && !authenticated) {
            section.wrong("user", "nobody's user name is checked here", MqttSection.AUTHENTICATE);
        }
        return rules;
    }

    private static Parsed<TopicAcl.Rule> rule(
            boolean allow, Optional<String> user, Optional<String> client, String pattern, boolean authenticated) {
        if (pattern.contains("%u") && !authenticated) {
            return Parsed.wrong(
                    "\"" + pattern + "\" has %u and nobody's user name is checked here", MqttSection.AUTHENTICATE);
        }
        try {
            return Parsed.right(new TopicAcl.Rule(allow, user, client, pattern));
        } catch (IllegalArgumentException wrong) {
            return Parsed.wrong(String.valueOf(wrong.getMessage()), "write one such as devices/%c/#");
        }
    }

    private static Parsed<String> name(String text) {
        return text.isEmpty() ? Parsed.wrong("is empty", "write a name, or take the key out") : Parsed.right(text);
    }
}
