package io.penstock.agent.route;

import io.penstock.agent.record.Compression;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.PayloadForm;
import io.penstock.agent.record.RecordFormat;
import io.penstock.delivery.spool.StreamId;

/**
 * Where an event goes and what it becomes. The router hands out the same instance for the same route and stream, so
 * that most comparisons end at the identity.
 */
public record Destination(
        StreamId stream,
        KeyTemplate key,
        RecordFormat format,
        FieldNames fields,
        boolean aggregate,
        Compression compression,
        PayloadForm payload)
        implements Routed {

    /** Of records that travel alone and as they are. */
    public Destination(StreamId stream, KeyTemplate key, RecordFormat format, FieldNames fields) {
        this(stream, key, format, fields, false, Compression.NONE, PayloadForm.TEXT);
    }

    /** Where events of {@code source} go that no route takes, which are all of them without routes. */
    static Destination byDefault(Source source, String stream) {
        return new Destination(
                new StreamId(Router.DEFAULT_TARGET, stream),
                source.defaultKey(),
                source.defaultFormat(),
                FieldNames.DEFAULT);
    }

    /** @param stream what the route's template yields */
    static Destination of(Route route, String stream) {
        return new Destination(
                new StreamId(route.target(), stream),
                route.key(),
                route.format(),
                route.fields(),
                route.aggregate(),
                route.compression(),
                route.payload());
    }
}
