package io.penstock.agent.record;

import java.util.Optional;

/**
 * The names of the fields that are added to an event; an absent one is not added. A field that the event has already
 * is never overwritten.
 *
 * @param time when the agent took the event
 * @param id the event's id
 * @param tag the Fluentd tag
 */
public record FieldNames(Optional<String> time, Optional<String> id, Optional<String> tag) {
    public static final FieldNames DEFAULT =
            new FieldNames(Optional.of("@timestamp"), Optional.of("@id"), Optional.of("@tag"));
}
