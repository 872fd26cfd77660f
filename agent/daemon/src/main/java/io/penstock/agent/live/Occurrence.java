package io.penstock.agent.live;

import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Severity;
import java.time.Instant;

/**
 * Something that happened, for the timeline.
 *
 * @param id rises by one with each
 * @param at when, by the wall clock
 * @param text one sentence, for an operator
 */
public record Occurrence(long id, Instant at, Kind kind, Level level, String text) {
    /** What happened. */
    public enum Kind {
        /** The agent has started. */
        START,
        /** A condition has begun. */
        CONDITION,
        /** A condition is over. */
        RECOVERED,
        /** A stream is new. */
        STREAM,
        /** A stream has another number of shards. */
        RESHARD,
        /** A bridge is connected. */
        BRIDGE,
        /** The configuration was changed, or a change was refused. */
        RELOAD,
        /** An operator changed something through the admin listener. */
        CHANGE
    }

    /** How much it matters. */
    public enum Level {
        GOOD,
        INFO,
        WARNING,
        BAD;

        /** A start and a stop are conditions, and nothing is wrong. */
        static Level of(Condition condition) {
            return condition.name() == ConditionName.STARTING || condition.name() == ConditionName.STOPPING
                    ? INFO
                    : of(condition.severity());
        }

        private static Level of(Severity severity) {
            return switch (severity) {
                case CANNOT_TAKE_INPUT, CANNOT_DELIVER -> BAD;
                case DEGRADED -> WARNING;
                case NOTICE -> INFO;
            };
        }
    }
}
