package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Written;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code auto-create:} of a target, except the engine inside this process: whether and how a missing stream is created.
 *
 * @param onDemand in on-demand mode, in which the service manages the shards
 */
public record AutoCreate(
        @Key(usual = "false")
        @Doc("whether [missing streams](targets.md#missing-streams) are made, else they are parked. For the"
                + " embedded engine `engine.auto-create` says it")
        boolean enabled,

        @Key(value = "mode", usual = "provisioned")
        @As(Mode.class)
        @Doc("`provisioned`, or `on-demand`: shards are the service's matter then")
        boolean onDemand,

        @Key(value = "shards", example = "4")
        @Range(least = "1", most = "10000")
        @Doc("in provisioned mode; left out: 4")
        Optional<Integer> ownShards,

        @Key(usual = "24h") @Range(least = "24h", most = "365d") @Doc("whole hours, 24h to 365d")
        Duration retention,

        @Key @Doc("names and values, at most 50") Map<String, String> tags)
        implements Completed<AutoCreate> {
    /** The service's default (API reference, CreateStream). */
    public static final Duration DEFAULT_RETENTION = Duration.ofHours(24);

    /** A missing stream is not created; its sender parks. */
    public static final AutoCreate OFF = new AutoCreate(false, 1);

    static final int DEFAULT_SHARDS = 4;
    private static final int MOST_TAGS = 50;
    private static final int LONGEST_TAG = 256;
    private static final String RESERVED = "aws:";
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}\\p{Zs}_.:/=+%@-]*");

    public AutoCreate {
        tags = Map.copyOf(tags);
        if (ownShards.orElse(1) < 1) {
            throw new IllegalArgumentException("a stream has at least one shard, not " + ownShards);
        }
    }

    public AutoCreate(boolean enabled, boolean onDemand, int shards, Duration retention, Map<String, String> tags) {
        this(enabled, onDemand, Optional.of(shards), retention, tags);
    }

    /** In provisioned mode, with default retention and no tags. */
    public AutoCreate(boolean enabled, int shards) {
        this(enabled, false, shards, DEFAULT_RETENTION, Map.of());
    }

    /** The number of shards in provisioned mode. */
    public int shards() {
        return ownShards.orElse(DEFAULT_SHARDS);
    }

    /** A description for the log. */
    public String describe() {
        return onDemand ? "in on-demand mode" : "with " + shards() + (shards() == 1 ? " shard" : " shards");
    }

    @Override
    public AutoCreate completed(Written section) {
        if (retention.toMinutes() % 60 != 0) {
            section.wrong("retention", "is no whole number of hours", "write one such as 36h or 7d");
        }
        if (onDemand && section.has("shards")) {
            section.wrong("shards", "stands beside mode: on-demand, in which the service decides", "take it out");
        }
        Written below = section.section("tags");
        tags.forEach((name, text) -> judgeTag(below, name, text));
        if (tags.size() > MOST_TAGS) {
            below.lacks("", "has " + tags.size() + " tags", "write at most " + MOST_TAGS);
        }
        return onDemand ? this : new AutoCreate(enabled, false, shards(), retention, tags);
    }

    /** The service's rules: developer guide, Tag restrictions. */
    private static void judgeTag(Written tags, String name, String text) {
        if (name.isEmpty()) {
            tags.wrongValue(name, 0, "is a tag without a name", "write a name before the colon, or take it out");
        } else if (name.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
            tags.wrongValue(
                    name,
                    0,
                    "is a name that Amazon keeps for itself",
                    "write one that does not begin with " + RESERVED);
        } else if (!TAG.matcher(name).matches() || !TAG.matcher(text).matches()) {
            tags.wrongValue(
                    name,
                    0,
                    "\"" + (TAG.matcher(name).matches() ? text : name) + "\" has a character that no tag may have",
                    "write letters, digits, spaces and characters of _.:/=+-%@");
        } else if (name.length() > LONGEST_TAG / 2 || text.length() > LONGEST_TAG) {
            tags.wrongValue(
                    name,
                    0,
                    "is too long",
                    "write at most " + LONGEST_TAG / 2 + " characters for a tag's name and " + LONGEST_TAG
                            + " for its value");
        }
    }

    /** The notation of {@link #onDemand}. */
    static final class Mode implements Notation<Boolean> {
        @Override
        public Parsed<Boolean> parse(String text) {
            return switch (text) {
                case "provisioned" -> Parsed.right(false);
                case "on-demand" -> Parsed.right(true);
                default -> Parsed.wrong("\"" + text + "\" is no mode", "write provisioned or on-demand");
            };
        }

        @Override
        public String format(Boolean onDemand) {
            return onDemand ? "on-demand" : "provisioned";
        }

        @Override
        public String pattern() {
            return "provisioned|on-demand";
        }
    }
}
