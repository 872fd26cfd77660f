package io.penstock.agent.route;

import io.penstock.agent.route.KeyTemplate.Placeholder;
import java.util.EnumSet;
import java.util.Set;

/** What events come from, as the first word of {@code match:} names it. */
public enum Source {
    MQTT(
            "mqtt",
            EnumSet.of(
                    Placeholder.CLIENT_ID,
                    Placeholder.TOPIC,
                    Placeholder.TOPIC_LEVEL,
                    Placeholder.USER,
                    Placeholder.FIELD)),
    FORWARD("forward", EnumSet.of(Placeholder.TAG, Placeholder.USER, Placeholder.FIELD)),
    LOG4J("log4j", EnumSet.of(Placeholder.LOGGER, Placeholder.FIELD)),
    HTTP("http", EnumSet.of(Placeholder.FIELD)),
    OTLP("otlp", EnumSet.of(Placeholder.SERVICE, Placeholder.FIELD));

    private final String word;
    private final Set<Placeholder> placeholders;

    Source(String word, Set<Placeholder> placeholders) {
        this.word = word;
        this.placeholders = placeholders;
    }

    /** The word in {@code match:}; but for HTTP, whose events name theirs, also the stream without routes. */
    public String word() {
        return word;
    }

    Set<Placeholder> placeholders() {
        return placeholders;
    }

    /** The partition key where none is configured. */
    public KeyTemplate defaultKey() {
        return this == MQTT ? KeyTemplate.CLIENT_ID : KeyTemplate.RANDOM;
    }
}
