package io.penstock.agent.record;

import io.penstock.base.settings.Noun;

/** What becomes of a payload that is a single JSON string, number, boolean or null. */
@Noun("form of a payload")
public enum PayloadForm {
    /** A string of its characters. */
    TEXT,
    /** The value as it is. */
    JSON
}
