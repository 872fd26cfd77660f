package io.penstock.mqtt;

import io.penstock.mqtt.internal.auth.TopicFilter;
import java.util.List;
import java.util.Optional;

/**
 * A list of rules: the first that applies to a client and a topic decides; if none does, publishing is not permitted.
 * Immutable.
 */
public final class TopicAcl implements PublishPermission {
    /**
     * One rule.
     *
     * @param allow whether it permits or forbids
     * @param userName whom it applies to; empty: whatever the name, also none
     * @param clientId whom it applies to; empty: any
     * @param pattern a topic filter with {@code +} and {@code #}, in which {@code %u} stands for the user name and
     *     {@code %c} for the client identifier. A rule with {@code %u} or {@code %c} never applies to a client whose
     *     name is missing there or holds {@code /}, {@code +} or {@code #}, so that no name reaches beyond its level
     */
    public record Rule(boolean allow, Optional<String> userName, Optional<String> clientId, String pattern) {
        /** Throws {@link IllegalArgumentException} if the pattern is no topic filter. */
        public Rule {
            String[] levels = pattern.split("/", -1);
            for (int i = 0; i < levels.length; i++) {
                boolean last = i == levels.length - 1;
                boolean misplaced = levels[i].contains("#") && (!last || levels[i].length() > 1)
                        || levels[i].contains("+") && levels[i].length() > 1;
                if (misplaced || pattern.isEmpty()) {
                    throw new IllegalArgumentException(
                            "'" + pattern + "' is no topic filter: '+' is a whole level, '#' the last one");
                }
            }
        }

        /** Permits everybody on what matches {@code pattern}. */
        public static Rule allow(String pattern) {
            return new Rule(true, Optional.empty(), Optional.empty(), pattern);
        }

        boolean appliesTo(String client, Optional<String> user, String topic) {
            return userName.map(wanted -> user.filter(wanted::equals).isPresent())
                            .orElse(true)
                    && clientId.map(client::equals).orElse(true)
                    && matches(client, user, topic);
        }

        private boolean matches(String client, Optional<String> user, String topic) {
            boolean named = (!pattern.contains("%c") || isOneLevel(client))
                    && (!pattern.contains("%u") || user.filter(Rule::isOneLevel).isPresent());
            return named && TopicFilter.matches(filterFor(client, user.orElse("")), topic);
        }

        /** In one pass, so that a client that calls itself "%u" is not taken for the placeholder. */
        private String filterFor(String client, String user) {
            if (pattern.indexOf('%') < 0) {
                return pattern;
            }
            StringBuilder filter = new StringBuilder();
            for (int i = 0; i < pattern.length(); i++) {
                if (pattern.startsWith("%u", i)) {
                    filter.append(user);
                    i++;
                } else if (pattern.startsWith("%c", i)) {
                    filter.append(client);
                    i++;
                } else {
                    filter.append(pattern.charAt(i));
                }
            }
            return filter.toString();
        }

        private static boolean isOneLevel(String name) {
            return !name.isEmpty() && name.chars().noneMatch(c -> c == '/' || c == '+' || c == '#');
        }
    }

    private final List<Rule> rules;

    public TopicAcl(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    @Override
    public boolean mayPublish(String clientId, Optional<String> userName, String topic) {
        for (Rule rule : rules) {
            if (rule.appliesTo(clientId, userName, topic)) {
                return rule.allow();
            }
        }
        return false;
    }
}
