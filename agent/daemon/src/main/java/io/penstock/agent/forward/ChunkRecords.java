package io.penstock.agent.forward;

import io.penstock.agent.ingest.Event;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Written;
import io.penstock.agent.record.Dialect;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonPath;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.record.RecordIds;
import io.penstock.agent.route.Destination;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.TimestampText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.ForwardRecord;
import io.penstock.forward.server.JsonDialect;
import io.penstock.journal.EntryBlock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of forward events: the event's own fields as a flat JSON object, then time, tag and id under the
 * names of the route, where the event has no field of that name; or, where the route names a field, its value alone.
 * Events of the Log4j appender have a logger instead of a tag. With format raw nothing is added.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class ChunkRecords implements Event {
    /** A bound for routes that come and go with configurations; more than any configuration has. */
    private static final int MOST_NAMES = 10_000;

    private final EventWriter writer;
    private final InstantSource clock;
    private final RecordIds ids = new RecordIds();
    private final TimestampText timestamps = new TimestampText();
    private final JsonFields found = new JsonFields();

    /** The tag as a JSON string. */
    private final GrowingBytes tagText = new GrowingBytes(64, GrowingBytes.UNBOUNDED);

    private final Map<FieldNames, AddedFields> prepared = new HashMap<>();
    private FieldNames recentNames = FieldNames.DEFAULT;
    private AddedFields recent = AddedFields.of(FieldNames.DEFAULT);

    // Of the chunk.
    private long now;
    private String tag = "";
    private String user = "";

    // Of the event.
    private @Nullable ForwardRecord event;
    private boolean log4j;
    private String logger = "";
    private GrowingBytes record;
    private int start;

    /** @param clock the agent's, for ids: an event's own time is the sender's word */
    public ChunkRecords(EventWriter writer, InstantSource clock) {
        this.writer = writer;
        this.clock = clock;
        this.record = tagText;
        JsonText.string(tag, tagText);
    }

    /** What is said here goes for all events until it is said anew: of one chunk, or of one request. */
    @SuppressWarnings("ReferenceEquality") // the same object as long as a connection's tag stays the same
    public void begin(String nextTag, String nextUser) {
        now = clock.millis();
        user = nextUser;
        if (nextTag != tag) {
            tag = nextTag;
            tagText.clear();
            JsonText.string(tag, tagText);
        }
    }

    /** Writes one event into {@code block}, if it is not too large. */
    public Written write(ForwardRecord present, Destination destination, int maxBytes, EntryBlock block) {
        return write(present, destination, false, "", maxBytes, block);
    }

    Written write(
            ForwardRecord present,
            Destination destination,
            boolean isLog4j,
            String from,
            int maxBytes,
            EntryBlock block) {
        event = present;
        log4j = isLog4j;
        logger = from;
        return writer.write(this, destination, maxBytes, block);
    }

    /** As {@link EventWriter#size}. */
    public int size() {
        return writer.size();
    }

    @Override
    public boolean encode(Destination destination, RecordEncoder encoder, GrowingBytes out) {
        record = out;
        start = out.length();
        ForwardRecord event = event();
        FieldNames names = destination.fields();
        boolean raw = destination.format() == RecordFormat.RAW;
        event.dialect(json(raw ? Dialect.PENSTOCK : names.dialect(), names.binaryIsText()));
        if (raw) {
            event.write(out);
        } else if (names.dialect() == Dialect.FLUENT_BIT) {
            likeFluentBit(event, names, out);
        } else if (names.logKey().isEmpty() || !event.writeValue(names.logKey().get(), out)) {
            object(event, names, out);
            if (names.dialect() == Dialect.FLUENTD && !names.chomped()) {
                out.put('\n');
            }
        }
        return true;
    }

    private ForwardRecord event() {
        ForwardRecord present = event;
        if (present == null) {
            throw new IllegalStateException("there is no event to look at");
        }
        return present;
    }

    /** The tag, which the events of a chunk share, stays. */
    @Override
    public void release() {
        event = null;
        record = tagText;
    }

    private static JsonDialect json(Dialect dialect, boolean binaryIsText) {
        return switch (dialect) {
            case PENSTOCK -> binaryIsText ? JsonDialect.PLAIN_TEXT : JsonDialect.PLAIN;
            case FLUENT_BIT -> JsonDialect.FLUENT_BIT;
            case FLUENTD -> JsonDialect.FLUENTD;
        };
    }

    /**
     * As the output {@code kinesis_streams} writes it. It cuts off the first and the last character of whatever its
     * Log_Key names; here that goes for strings only, and an event without that field is kept.
     */
    private void likeFluentBit(ForwardRecord event, FieldNames names, GrowingBytes out) {
        if (names.logKey().isEmpty() || !event.writeJsonValue(names.logKey().get(), out)) {
            object(event, names, out);
        } else if (!out.overflowed() && out.array()[start] == '"') {
            int inside = out.length() - start - 2;
            System.arraycopy(out.array(), start + 1, out.array(), start, inside);
            out.truncate(start + inside);
        }
        out.put('\n');
    }

    /**
     * What is added stands at the end, and not where the event has a field of that name. Fluent Bit does not look for
     * one when it adds the time; Fluentd puts the tag before the time, and either in the place of the event's own.
     */
    private void object(ForwardRecord event, FieldNames names, GrowingBytes out) {
        AddedFields added = added(names);
        boolean fluentd = names.dialect() == Dialect.FLUENTD;
        FieldValues inPlace = fluentd
                ? (field, into) -> AddedFields.isOwn(field)
                        && added.adds(field, 0)
                        && !(log4j && field == AddedFields.TAG)
                        && value(field, event, names, into)
                : FieldValues.NONE;
        long present = event.writeFields(out, added.names(), inPlace);
        boolean tagIsAdded = !log4j && added.adds(AddedFields.TAG, present);
        if (fluentd && tagIsAdded) {
            add(AddedFields.TAG, added, event, names, out);
        }
        if (added.adds(AddedFields.TIME, names.dialect() == Dialect.FLUENT_BIT ? 0 : present)) {
            add(AddedFields.TIME, added, event, names, out);
        }
        if (!fluentd && tagIsAdded) {
            add(AddedFields.TAG, added, event, names, out);
        }
        if (added.adds(AddedFields.ID, present)) {
            add(AddedFields.ID, added, event, names, out);
        }
        for (int i = 0; i < added.constants(); i++) {
            byte[] constant = added.constant(i, present);
            if (constant.length > 0) {
                comma(out);
                out.put(constant, 0, constant.length);
            }
        }
        out.put('}');
    }

    private void comma(GrowingBytes out) {
        if (out.length() > start + 1) {
            out.put(',');
        }
    }

    private void add(int field, AddedFields added, ForwardRecord event, FieldNames names, GrowingBytes out) {
        comma(out);
        added.head(field, out);
        value(field, event, names, out);
    }

    private boolean value(int field, ForwardRecord event, FieldNames names, GrowingBytes out) {
        if (field == AddedFields.TAG) {
            out.put(tagText.array(), 0, tagText.length());
        } else if (field == AddedFields.TIME && names.timeFormat().isPresent()) {
            JsonText.string(names.timeFormat().get().format(event.seconds(), event.nanos()), out);
        } else {
            out.put('"');
            if (field == AddedFields.TIME) {
                timestamps.append(event.seconds(), event.nanos(), out);
            } else {
                ids.append(now, out);
            }
            out.put('"');
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // a route has one instance for all of its events
    private AddedFields added(FieldNames names) {
        if (names == recentNames) {
            return recent;
        }
        AddedFields known = prepared.get(names);
        if (known == null) {
            if (prepared.size() == MOST_NAMES) {
                prepared.clear();
            }
            known = AddedFields.of(names);
            prepared.put(names, known);
        }
        recentNames = names;
        recent = known;
        return known;
    }

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
    public boolean readsRecord() {
        return true;
    }

    @Override
    public boolean jsonField(JsonPath path, GrowingBytes into) {
        return found.text(record.array(), start, record.length(), path, into);
    }
}
