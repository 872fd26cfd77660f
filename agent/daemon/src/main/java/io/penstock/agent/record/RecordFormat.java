package io.penstock.agent.record;

/** What an event becomes. */
public enum RecordFormat {
    /** A JSON object with time, id and what its source knows. */
    JSON,
    /** The payload's bytes and nothing else. */
    RAW
}
