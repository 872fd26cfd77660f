package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code auto-create:} of a target that is not the engine inside this process: whether and how missing streams are
 * made.
 */
final class AutoCreateSection {
    static final String PROVISIONED = "provisioned";
    static final String ON_DEMAND = "on-demand";
    static final AutoCreate DEFAULT = new AutoCreate(false, false, 4, AutoCreate.DEFAULT_RETENTION, Map.of());
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_TAG = 256;
    private static final String RESERVED = "aws:";
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}\\p{Zs}_.:/=+%@-]*");

    private AutoCreateSection() {}

    static AutoCreate read(Section target, Optional<Endpoint> endpoint) {
        if (endpoint.filter(Endpoint.Embedded.class::isInstance).isPresent() && target.has("auto-create")) {
            target.wrong("auto-create", "stands beside endpoint: embedded", "write it under engine:");
        }
        return target.section("auto-create", AutoCreateSection::read);
    }

    private static AutoCreate read(Section section) {
        boolean enabled = section.value("enabled", DEFAULT.enabled(), Values.flag());
        boolean onDemand = section.value("mode", DEFAULT.onDemand(), AutoCreateSection::mode);
        int shards = section.value("shards", DEFAULT.shards(), Values.number(1, 10_000));
        Duration retention = section.value(
                "retention", DEFAULT.retention(), Values.duration(Duration.ofHours(24), Duration.ofDays(365)));
        if (retention.toMinutes() % 60 != 0) {
            section.wrong("retention", "is no whole number of hours", "write one such as 36h or 7d");
        }
        if (onDemand && section.has("shards")) {
            section.wrong("shards", "stands beside mode: on-demand, in which the service decides", "take it out");
        }
        Map<String, String> tags = section.section("tags", AutoCreateSection::tags);
        return new AutoCreate(enabled, onDemand, shards, retention, tags);
    }

    private static Parsed<Boolean> mode(String text) {
        return switch (text) {
            case PROVISIONED -> Parsed.right(false);
            case ON_DEMAND -> Parsed.right(true);
            default -> Parsed.wrong("\"" + text + "\" is no mode", "write " + PROVISIONED + " or " + ON_DEMAND);
        };
    }

    private static Map<String, String> tags(Section section) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String name : section.keys()) {
            section.optional(name, text -> tag(name, text)).ifPresent(value -> tags.put(name, value));
        }
        if (tags.size() > MOST_TAGS) {
            section.lacks("", "has " + tags.size() + " tags", "write at most " + MOST_TAGS);
        }
        return tags;
    }

    /** As Amazon takes them: developer guide, Tag restrictions. */
    private static Parsed<String> tag(String name, String text) {
        if (name.isEmpty()) {
            return Parsed.wrong("is a tag without a name", "write a name before the colon, or take it out");
        }
        if (name.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
            return Parsed.wrong(
                    "is a name that Amazon keeps for itself", "write one that does not begin with " + RESERVED);
        }
        if (!TAG.matcher(name).matches() || !TAG.matcher(text).matches()) {
            return Parsed.wrong(
                    "\"" + (TAG.matcher(name).matches() ? text : name) + "\" has a character that no tag may have",
                    "write letters, digits, spaces and characters of _.:/=+-%@");
        }
        return name.length() > LONGEST_TAG / 2 || text.length() > LONGEST_TAG
                ? Parsed.wrong(
                        "is too long",
                        "write at most " + LONGEST_TAG / 2 + " characters for a tag's name and " + LONGEST_TAG
                                + " for its value")
                : Parsed.right(text);
    }
}
