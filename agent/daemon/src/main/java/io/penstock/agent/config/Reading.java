package io.penstock.agent.config;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Map;

/** One reading of one file: what is known from outside, what was found wrong, and what the sections have in common. */
@OwnedBy(ThreadRole.HOLDER)
final class Reading {

    final Environment environment;
    final NotInThisVersion missing;
    /** By rule path: what the command line says of a key stands above the file. */
    final Map<String, Object> outside;

    final Mistakes mistakes = new Mistakes();

    /** Of the file. */
    String[] lines = {};

    Reading(Environment environment, NotInThisVersion missing) {
        this.environment = environment;
        this.missing = missing;
        this.outside = environment
                .data()
                .map(folder -> Map.<String, Object>of("data", folder))
                .orElse(Map.of());
    }

    /** Line {@code number}, counted from 1; empty when there is none. */
    String line(int number) {
        return number > 0 && number <= lines.length ? lines[number - 1] : "";
    }
}
