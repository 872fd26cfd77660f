package io.penstock.tools.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The sum at the end.
 *
 * @param sent events that the agent acknowledged
 * @param counted of them, by the application that has the fewest
 * @param duplicates records that came again under the same id, of all applications
 * @param repeated events that came again under another id
 * @param lost acknowledged events that an application never saw
 * @param shards that are open
 * @param splits that were made
 * @param delay50 half of the events were counted within so many milliseconds
 * @param delay99 99 of 100 events were counted within so many milliseconds
 * @param consumers what read the stream
 */
record Outcome(
        long sent,
        long counted,
        long duplicates,
        long repeated,
        long lost,
        int shards,
        int splits,
        long delay50,
        long delay99,
        String consumers) {
    /** Whether everything was counted, and once. */
    boolean equation() {
        return sent > 0 && counted == sent && lost == 0;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("sent", sent)
                .put("counted", counted)
                .put("duplicates", duplicates)
                .put("repeated", repeated)
                .put("lost", lost)
                .put("shards", shards)
                .put("splits", splits)
                .put("delay_p50_ms", delay50)
                .put("delay_p99_ms", delay99)
                .put("consumers", consumers)
                .put("equation", equation());
    }

    String text() {
        return "sent %,d %s counted %,d; duplicates recognised %,d; lost %,d; %d shards after %d splits"
                .formatted(sent, counted == sent ? "=" : "≠", counted, duplicates, lost, shards, splits);
    }
}
