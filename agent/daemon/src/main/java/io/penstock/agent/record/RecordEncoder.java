package io.penstock.agent.record;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;
import io.penstock.base.bytes.TimestampText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Encodes events as JSON records: adds one record to what the bytes given hold already, which is the open entry of a
 * block as a rule. Takes no lock and allocates nothing.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class RecordEncoder {
    /** The most that any stream takes (API reference, UpdateMaxRecordSize). */
    public static final int MAX_BYTES = 10 << 20;

    /** A bound for routes that come and go with configurations; more than any configuration has. */
    private static final int MOST_NAMES = 10_000;

    private static final byte[] MESSAGE = JsonText.name("message");

    private final InstantSource clock;
    private final RecordIds ids;
    private final TimestampText timestamps = new TimestampText();
    private final JsonFields found = new JsonFields();
    private final Set<String> ownNames;
    private final Map<FieldNames, Names> prepared = new HashMap<>();
    private FieldNames lastFields = FieldNames.DEFAULT;
    private Names lastNames;

    /** The added fields where the record's own names are known, and where they are what a client sent. */
    private record Names(AddedFields own, AddedFields text, AddedFields object) {
        static Names of(FieldNames names, Set<String> ownNames) {
            return new Names(
                    AddedFields.of(names, ownNames),
                    AddedFields.of(names, Set.of("message")),
                    AddedFields.of(names, Set.of()));
        }
    }

    /** @param ownNames all the names that the {@link OwnFields} of its events may write */
    public RecordEncoder(InstantSource clock, RecordIds ids, Set<String> ownNames) {
        this.clock = clock;
        this.ids = ids;
        this.ownNames = ownNames;
        this.lastNames = Names.of(FieldNames.DEFAULT, ownNames);
    }

    /** Time, id, constants and what is the event's own. */
    public void own(OwnFields own, FieldNames fields, GrowingBytes out) {
        begin(names(fields).own(), "", out);
        own.write(out);
        out.put('}');
    }

    /** As {@link #own(OwnFields, FieldNames, GrowingBytes)}, with a time and an id that the event has itself. */
    public void own(OwnFields own, FieldNames fields, Instant time, String givenId, GrowingBytes out) {
        AddedFields added = names(fields).own();
        out.put('{');
        added.time(time, timestamps, out);
        added.id(givenId, clock.instant(), ids, out);
        added.constants(0, out);
        own.write(out);
        out.put('}');
    }

    /**
     * A valid JSON object as it came, with what is added in front of its fields where it has none of that name.
     *
     * @param givenTime the time; that of arrival if there is none
     */
    public void object(
            Payload object, FieldNames fields, String givenId, @Nullable Instant givenTime, GrowingBytes out) {
        AddedFields added = names(fields).object();
        byte[] bytes = object.bytes();
        int open = object.from();
        while (bytes[open] != '{') {
            open++;
        }
        out.put('{');
        int empty = out.length();
        Instant now = clock.instant();
        long present = added.addsAnything() ? found.present(bytes, open, object.end(), added.names()) : 0;
        if (!AddedFields.ofTime(present)) {
            added.time(givenTime == null ? now : givenTime, timestamps, out);
        }
        if (!AddedFields.ofId(present)) {
            added.id(givenId, now, ids, out);
        }
        added.constants(present, out);
        int rest = open + 1;
        if (out.length() > empty && isEmptyFrom(bytes, rest, object.end())) {
            out.truncate(out.length() - 1);
        }
        out.put(bytes, rest, object.end() - rest);
    }

    private static boolean isEmptyFrom(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] <= ' ') {
            at++;
        }
        return at < end && bytes[at] == '}';
    }

    /**
     * A text as {@code {"message": ...}}.
     *
     * @return false when it is no valid UTF-8: then there is no record, and what was added is of no use
     */
    public boolean text(Payload text, FieldNames fields, String givenId, GrowingBytes out) {
        begin(names(fields).text(), givenId, out);
        out.put(MESSAGE);
        boolean valid = JsonText.validString(text.bytes(), text.from(), text.end(), out);
        out.put('}');
        return valid;
    }

    /** The payload and nothing else. */
    public void raw(Payload payload, GrowingBytes out) {
        out.put(payload.bytes(), payload.from(), payload.end() - payload.from());
    }

    private void begin(AddedFields added, String givenId, GrowingBytes out) {
        out.put('{');
        Instant now = clock.instant();
        added.time(now, timestamps, out);
        added.id(givenId, now, ids, out);
        added.constants(0, out);
    }

    private Names names(FieldNames fields) {
        if (fields == lastFields) {
            return lastNames;
        }
        Names names = prepared.get(fields);
        if (names == null) {
            if (prepared.size() == MOST_NAMES) {
                prepared.clear();
            }
            names = Names.of(fields, ownNames);
            prepared.put(fields, names);
        }
        lastFields = fields;
        lastNames = names;
        return names;
    }
}
