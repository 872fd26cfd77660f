package io.penstock.agent.record;

import io.penstock.base.settings.Noun;

/** What an event becomes. */
@Noun("format")
public enum RecordFormat {
    /** A JSON object with time, id and what its source knows. */
    JSON,
    /** The payload's bytes and nothing else. */
    RAW
}
