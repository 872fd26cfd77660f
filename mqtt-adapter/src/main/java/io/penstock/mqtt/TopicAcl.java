package io.penstock.mqtt;

import io.penstock.mqtt.internal.auth.TopicFilter;
import java.util.List;
import java.util.Optional;

/**
 * A list of access rules: the first rule that applies to a client and a topic decides; if none applies, publishing is
 * forbidden. Immutable.
 */
public final class TopicAcl implements PublishPermission {
    /**
     * One rule.
     *
     * @param allow true to permit, false to forbid
     * @param userName the user to which the rule applies; empty: all clients, also those without a name
     * @param clientId the client to which the rule applies; empty: all
     * @param pattern a topic filter with {@code +} and {@code #}, in which {@code %u} stands for the user name and
     *     {@code %c} for the client identifier. A rule with {@code %u} or {@code %c} never applies to a client that has
     *     no such name, or whose name contains {@code /}, {@code +} or {@code #}, so that a name cannot match further
     *     levels
     */
    public record Rule(boolean allow, Optional<String> userName, Optional<String> clientId, String pattern) {
        /** @throws IllegalArgumentException if the pattern is not a topic filter */
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

        /** Permits all clients the topics that match {@code pattern}. */
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

        /**
         * Both placeholders are replaced in one pass, so that a client named "%u" is not mistaken for the placeholder.
         */
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
