package io.penstock.agent.mqtt;

import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.OneKeyOf;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import io.penstock.mqtt.TopicAcl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An element of {@code mqtt.acl:}: topic filters that it permits, or forbids. */
@OneKeyOf({"allow", "deny"})
public record AclRule(
        @Key(example = "gateway")
        @Text(pattern = "(?s).+", quoted = false, reason = "is empty", remedy = "write a name, or take the key out")
        @Doc("the user whom it applies to; left out: any, also none")
        Optional<String> user,

        @Key(example = "gw-1")
        @Text(pattern = "(?s).+", quoted = false, reason = "is empty", remedy = "write a name, or take the key out")
        @Doc("the client that it applies to; left out: any")
        Optional<String> clientId,

        @Key(example = "devices/%c/#")
        @Doc("topic filters that the rule permits; one or several; `%u` and `%c` stand for user name and client"
                + " identifier. Each rule has this key or the next")
        Optional<List<String>> allow,

        @Key @Doc("topic filters that it forbids") Optional<List<String>> deny) {
    private static final String ONE_OF_TWO = "write one of the two in each rule, with a topic filter or several";

    /** A rule for each of its filters. */
    public List<TopicAcl.Rule> rules() {
        List<TopicAcl.Rule> rules = new ArrayList<>();
        allow.orElse(List.of()).forEach(filter -> rules.add(new TopicAcl.Rule(true, user, clientId, filter)));
        deny.orElse(List.of()).forEach(filter -> rules.add(new TopicAcl.Rule(false, user, clientId, filter)));
        return rules;
    }

    /** @param authenticated whether the name of any user is checked */
    void check(Written rule, boolean authenticated) {
        filters(rule, "allow", allow.orElse(List.of()), authenticated);
        filters(rule, "deny", deny.orElse(List.of()), authenticated);
        empty(rule, "allow", allow);
        empty(rule, "deny", deny);
        if (!allow.isPresent() && !deny.isPresent()) {
            rule.lacks("allow", "is missing, and so is deny", ONE_OF_TWO);
        } else if (allow.isPresent() && deny.isPresent()) {
            rule.wrong("deny", "stands beside allow", ONE_OF_TWO);
        }
        if (user.isPresent() && !authenticated) {
            rule.wrong("user", "nobody's user name is checked here", MqttSourceSettings.AUTHENTICATE);
        }
    }

    /** A rule without a filter would apply to nothing, as if it were not there. */
    private static void empty(Written rule, String key, Optional<List<String>> filters) {
        if (filters.isPresent() && filters.get().isEmpty() && rule.right(key)) {
            rule.wrong(key, "has no topic filter", "write one or several, or take the rule out");
        }
    }

    private void filters(Written rule, String key, List<String> filters, boolean authenticated) {
        for (int i = 0; i < filters.size(); i++) {
            String filter = filters.get(i);
            if (filter.contains("%u") && !authenticated) {
                rule.wrongValue(
                        key,
                        i,
                        "\"" + filter + "\" has %u and nobody's user name is checked here",
                        MqttSourceSettings.AUTHENTICATE);
                continue;
            }
            try {
                TopicAcl.Rule unused = new TopicAcl.Rule(true, user, clientId, filter);
            } catch (IllegalArgumentException wrong) {
                rule.wrongValue(key, i, String.valueOf(wrong.getMessage()), "write one such as devices/%c/#");
            }
        }
    }
}
