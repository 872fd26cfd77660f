package io.penstock.engine.api;

import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A stream, a consumer or a channel, as far as it has tags. */
interface Tagged {
    /** What it is, for messages. */
    String label();

    Map<String, String> tags();

    /** Changes the tags; returns once the change is durable. */
    void changeTags(UnaryOperator<Map<String, String>> change) throws IOException;
}
