package io.penstock.agent.record;

import java.util.Optional;

/**
 * The names of the fields that are added to an event; an absent one is not added. A field that the event has already
 * is never overwritten.
 *
 * @param time when the agent took the event; of forward events their own time
 * @param id the event's id
 * @param tag the Fluentd tag
 * @param timeFormat how a forward event's time is written; empty: RFC 3339 with nanoseconds
 * @param logKey the field of a forward event whose value is all of its record, with nothing added; empty: the whole
 *     event
 * @param dialect how a forward event's JSON is spelled
 * @param chomped whether a forward event's JSON has no line feed at its end though the dialect's program writes one
 */
public record FieldNames(
        Optional<String> time,
        Optional<String> id,
        Optional<String> tag,
        Optional<TimeFormat> timeFormat,
        Optional<String> logKey,
        Dialect dialect,
        boolean chomped) {
    public static final FieldNames DEFAULT =
            new FieldNames(Optional.of("@timestamp"), Optional.of("@id"), Optional.of("@tag"));

    /** Of whole events with their time in RFC 3339. */
    public FieldNames(Optional<String> time, Optional<String> id, Optional<String> tag) {
        this(time, id, tag, Optional.empty(), Optional.empty(), Dialect.PENSTOCK, false);
    }
}
