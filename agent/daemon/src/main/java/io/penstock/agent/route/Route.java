package io.penstock.agent.route;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.delivery.kinesis.settings.Priority;

/**
 * One element of {@code routes:}.
 *
 * @param match which events it takes
 * @param stream where they go
 * @param target the name under {@code targets:}, or {@code default}
 * @param key their partition key
 * @param format what they become
 * @param fields names of what is added to them in {@link RecordFormat#JSON}
 * @param aggregate whether several of them may share a Kinesis record
 * @param compression what is done to each record, alone or in such company
 * @param priority how urgent its stream is among those of the target
 */
public record Route(
        RoutePattern match,
        String stream,
        String target,
        KeyTemplate key,
        RecordFormat format,
        FieldNames fields,
        boolean aggregate,
        Compression compression,
        Priority priority) {

    /** Of records that travel alone, neither urgent nor otherwise. */
    public Route(
            RoutePattern match, String stream, String target, KeyTemplate key, RecordFormat format, FieldNames fields) {
        this(match, stream, target, key, format, fields, false, Compression.NONE, Priority.NORMAL);
    }
}
