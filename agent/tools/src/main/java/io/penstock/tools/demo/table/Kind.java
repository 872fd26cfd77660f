package io.penstock.tools.demo.table;

import java.util.Locale;
import java.util.Optional;

/** Where an event of the demonstration comes from. Each kind numbers its events from 0. */
public enum Kind {
    /** Of the simulated site, by HTTP. */
    VIEW,
    /** The position of a visitor on the show floor, by MQTT. */
    BEACON,
    /** A line of an application's log, by the forward protocol. */
    LOG;

    /** As events say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of an event that says it so. */
    public static Optional<Kind> of(String word) {
        for (Kind kind : values()) {
            if (kind.word().equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
