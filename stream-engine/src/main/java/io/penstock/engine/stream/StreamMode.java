package io.penstock.engine.stream;

/** A stream's capacity mode, as the API names it. */
public enum StreamMode {
    PROVISIONED,
    ON_DEMAND
}
