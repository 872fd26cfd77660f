package io.penstock.forward.client.appender;

import java.util.Set;

/** The names of the default record, which are those of the Elastic Common Schema where it has one. */
public final class RecordNames {
    public static final String LEVEL = "log.level";
    public static final String LOGGER = "log.logger";
    public static final String THREAD = "process.thread.name";
    public static final String MESSAGE = "message";
    public static final String LABELS = "labels";
    public static final String TAGS = "tags";
    public static final String MARKER = "log.marker";
    public static final String MARKERS = "log.markers";
    public static final String ERROR_TYPE = "error.type";
    public static final String ERROR_MESSAGE = "error.message";
    public static final String ERROR_TRACE = "error.stack_trace";
    public static final String ORIGIN = "log.origin";

    private static final Set<String> ALL = Set.of(
            LEVEL,
            LOGGER,
            THREAD,
            MESSAGE,
            LABELS,
            TAGS,
            MARKER,
            MARKERS,
            ERROR_TYPE,
            ERROR_MESSAGE,
            ERROR_TRACE,
            ORIGIN);

    private RecordNames() {}

    /** The name under which an event's own field stands in the record: its own unless the record has that name. */
    static String free(String name) {
        return ALL.contains(name) ? "data." + name : name;
    }
}
