package io.penstock.agent.forward;

import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.record.Dialect;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.RecordBuffer;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.record.RecordIds;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.JsonBuffer;
import io.penstock.forward.server.JsonDialect;
import io.penstock.journal.EntryBlock;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the records of forward events: the event's own fields as a flat JSON object, then time, tag and id under the
 * names of the route, where the event has no field of that name; or, where the route names a field, its value alone.
 * Events of the Log4j appender have a logger instead of a tag. With format raw nothing is added. One thread.
 */
final class ChunkRecords {
    /** More routes than anybody has; a bound nevertheless, for configurations that come and go. */
    private static final int MOST_NAMES = 10_000;

    private final EventWriter writer;
    private final InstantSource clock;
    private final RecordIds ids = new RecordIds();
    private final RecordBuffer id = new RecordBuffer(64);
    private final JsonBuffer json = new JsonBuffer();
    private final JsonBuffer tag = new JsonBuffer();
    private final EventFields fields = new EventFields();
    private final Map<FieldNames, Added> prepared = new HashMap<>();
    private FieldNames recentNames = FieldNames.DEFAULT;
    private Added recent = Added.of(FieldNames.DEFAULT);
    private long now;

    /** @param clock the agent's, for ids: an event's own time is the sender's word */
    ChunkRecords(EventWriter writer, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
        tag.string(fields.tag);
    }

    /** What is said here goes for all of the chunk's events until another chunk begins. */
    @SuppressWarnings("ReferenceEquality") // the same object as long as a connection's tag stays the same
    void begin(Chunk chunk) {
        now = clock.millis();
        fields.user = chunk.peer().user();
        if (chunk.tag() != fields.tag) {
            fields.tag = chunk.tag();
            tag.clear();
            tag.string(fields.tag);
        }
    }

    /**
     * Writes the chunk's present event into {@code block}.
     *
     * @return its size, or {@link EventWriter#TOO_LARGE}; then the block is as before
     */
    int write(Chunk chunk, Destination destination, boolean log4j, String logger, int maxBytes, EntryBlock block) {
        json.clear();
        FieldNames names = destination.fields();
        boolean raw = destination.format() == RecordFormat.RAW;
        chunk.dialect(raw ? JsonDialect.PLAIN : json(names.dialect()));
        if (raw) {
            chunk.write(json);
        } else if (names.dialect() == Dialect.FLUENT_BIT) {
            likeFluentBit(chunk, names, log4j);
        } else if (names.logKey().isEmpty() || !chunk.writeValue(names.logKey().get(), json)) {
            object(chunk, names, log4j);
            if (names.dialect() == Dialect.FLUENTD && !names.chomped()) {
                json.put('\n');
            }
        }
        fields.logger = logger;
        return writer.encoded(json.array(), json.length(), fields, destination, maxBytes, block);
    }

    private static JsonDialect json(Dialect dialect) {
        return switch (dialect) {
            case PENSTOCK -> JsonDialect.PLAIN;
            case FLUENT_BIT -> JsonDialect.FLUENT_BIT;
            case FLUENTD -> JsonDialect.FLUENTD;
        };
    }

    /**
     * As the output {@code kinesis_streams} writes it. It cuts off the first and the last character of whatever its
     * Log_Key names; here that goes for strings only, and an event without that field is kept.
     */
    private void likeFluentBit(Chunk chunk, FieldNames names, boolean log4j) {
        if (names.logKey().isEmpty() || !chunk.writeJsonValue(names.logKey().get(), json)) {
            object(chunk, names, log4j);
        } else if (json.array()[0] == '"') {
            byte[] quoted = Arrays.copyOfRange(json.array(), 1, json.length() - 1);
            json.clear();
            json.put(quoted, 0, quoted.length);
        }
        json.put('\n');
    }

    /**
     * What is added stands at the end, and not where the event has a field of that name. Fluent Bit does not look for
     * one when it adds the time; Fluentd puts the tag before the time, and either in the place of the event's own.
     */
    private void object(Chunk chunk, FieldNames names, boolean log4j) {
        Added added = added(names);
        boolean fluentd = names.dialect() == Dialect.FLUENTD;
        FieldValues inPlace = fluentd
                ? (field, out) -> added.adds(field, 0) && !(log4j && field == Added.TAG) && value(field, chunk, names)
                : FieldValues.NONE;
        long present = chunk.writeFields(json, added.names(), inPlace);
        boolean tagIsAdded = !log4j && added.adds(Added.TAG, present);
        if (fluentd && tagIsAdded) {
            add(Added.TAG, added, chunk, names);
        }
        if (added.adds(Added.TIME, names.dialect() == Dialect.FLUENT_BIT ? 0 : present)) {
            add(Added.TIME, added, chunk, names);
        }
        if (!fluentd && tagIsAdded) {
            add(Added.TAG, added, chunk, names);
        }
        if (added.adds(Added.ID, present)) {
            add(Added.ID, added, chunk, names);
        }
        json.put('}');
    }

    private void add(int field, Added added, Chunk chunk, FieldNames names) {
        separate();
        added.head(field, json);
        value(field, chunk, names);
    }

    private boolean value(int field, Chunk chunk, FieldNames names) {
        switch (field) {
            case Added.TIME -> {
                if (names.timeFormat().isPresent()) {
                    json.string(names.timeFormat().get().format(chunk.seconds(), chunk.nanos()));
                } else {
                    json.timestamp(chunk.seconds(), chunk.nanos());
                }
            }
            case Added.TAG -> json.put(tag.array(), 0, tag.length());
            default -> {
                id.clear();
                ids.append(now, id);
                json.put('"');
                json.put(id.array(), 0, id.length());
                json.put('"');
            }
        }
        return true;
    }

    private void separate() {
        if (json.length() > 1) {
            json.put(',');
        }
    }

    @SuppressWarnings("ReferenceEquality") // a route has one instance for all of its events
    private Added added(FieldNames names) {
        if (names == recentNames) {
            return recent;
        }
        Added known = prepared.get(names);
        if (known == null) {
            if (prepared.size() == MOST_NAMES) {
                prepared.clear();
            }
            known = Added.of(names);
            prepared.put(names, known);
        }
        recentNames = names;
        recent = known;
        return known;
    }

    /** What a partition key may be made of. */
    private final class EventFields implements KeyFields {
        private final JsonFields found = new JsonFields();
        private String tag = "";
        private String user = "";
        private String logger = "";

        @Override
        public String tag() {
            return tag;
        }

        @Override
        public String logger() {
            return logger;
        }

        @Override
        public String user() {
            return user;
        }

        @Override
        public boolean jsonField(JsonPath path, RecordBuffer into) {
            return found.text(json.array(), 0, json.length(), path, into);
        }
    }
}
