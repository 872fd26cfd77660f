package io.penstock.agent.route;

import io.penstock.base.settings.Parsed;

/**
 * Which events of one source a route takes, by the name that they carry: topic, tag, logger or posted stream. Immutable
 * and compiled; any thread. {@link #toString} gives it back as it was written.
 */
public sealed interface RoutePattern permits TopicFilter, TagPattern, LoggerPattern, PostedStream {
    /** How to write one. */
    String FORMS = "write mqtt:TOPIC_FILTER, forward:TAG_PATTERN, log4j:LOGGER_PATTERN or http:STREAM";

    Source source();

    boolean matches(String name);

    /** Reads {@code SOURCE:PATTERN}. */
    static Parsed<RoutePattern> parse(String text) {
        int colon = text.indexOf(':');
        String pattern = text.substring(colon + 1);
        return switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "mqtt" -> TopicFilter.parse(pattern);
            case "forward" -> DottedGlob.parse(pattern, "tag").then(glob -> Parsed.right(new TagPattern(glob)));
            case "log4j" -> DottedGlob.parse(pattern, "logger").then(glob -> Parsed.right(new LoggerPattern(glob)));
            case "http" -> StreamName.parse(pattern).then(name -> Parsed.right(new PostedStream(name)));
            default -> Parsed.wrong("\"" + text + "\" names no source", FORMS);
        };
    }
}
