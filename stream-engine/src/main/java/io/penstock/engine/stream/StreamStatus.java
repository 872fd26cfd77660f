package io.penstock.engine.stream;

/** A stream's status, as the API names it. */
public enum StreamStatus {
    CREATING,
    ACTIVE,
    UPDATING,
    DELETING
}
