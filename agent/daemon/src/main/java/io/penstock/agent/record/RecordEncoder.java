package io.penstock.agent.record;

import io.penstock.mqtt.Publish;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Encodes events as JSON records into a buffer of its own, which the next event overwrites. Takes no lock and, but for
 * rare MQTT 5 properties, allocates nothing. One thread.
 */
public final class RecordEncoder {
    /** The most that any stream takes (API reference, UpdateMaxRecordSize). */
    public static final int MAX_BYTES = 10 << 20;

    /** More routes than anybody has; a bound nevertheless, for configurations that come and go. */
    private static final int MOST_NAMES = 10_000;

    private static final byte[] MESSAGE = JsonWriter.name("message");

    private final InstantSource clock;
    private final RecordIds ids;
    private final TimestampText timestamps = new TimestampText();
    private final RecordBuffer out = new RecordBuffer(MAX_BYTES);
    private final JsonWriter json = new JsonWriter(out);
    private final JsonFields found = new JsonFields();
    private final MqttFields mqtt = new MqttFields(out, json);
    private final Map<FieldNames, Names> prepared = new HashMap<>();
    private FieldNames lastFields = FieldNames.DEFAULT;
    private Names lastNames = Names.of(FieldNames.DEFAULT);

    /** The added fields where the record's own names are known, and where they are what a client sent. */
    private record Names(AddedFields mqtt, AddedFields text, AddedFields object) {
        static Names of(FieldNames names) {
            return new Names(
                    AddedFields.of(names, MqttFields.NAMES),
                    AddedFields.of(names, Set.of("message")),
                    AddedFields.of(names, Set.of()));
        }
    }

    public RecordEncoder(InstantSource clock, RecordIds ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /** The record encoded last; {@link RecordBuffer#overflowed} when it is larger than any stream takes. */
    public RecordBuffer record() {
        return out;
    }

    /** A publish, with {@code payload} in place of its own. */
    public void mqtt(Publish publish, Payload payload, FieldNames fields) {
        begin(names(fields).mqtt(), "");
        mqtt.write(publish, payload);
        out.put('}');
    }

    /** A valid JSON object as it came, with time and id in front of its fields where it has none of their names. */
    public void object(Payload object, FieldNames fields, String givenId) {
        AddedFields added = names(fields).object();
        byte[] bytes = object.bytes();
        int open = object.from();
        while (bytes[open] != '{') {
            open++;
        }
        out.clear();
        out.put('{');
        int empty = out.length();
        Instant now = clock.instant();
        if (added.addsTime() && !found.find(bytes, open, object.end(), added.timeName())) {
            added.time(now, timestamps, out);
        }
        if (added.addsId() && !found.find(bytes, open, object.end(), added.idName())) {
            added.id(givenId, now, ids, out, json);
        }
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
     * @return false when it is no valid UTF-8: then there is no record
     */
    public boolean text(Payload text, FieldNames fields, String givenId) {
        begin(names(fields).text(), givenId);
        out.put(MESSAGE);
        boolean valid = json.string(text.bytes(), text.from(), text.end());
        out.put('}');
        return valid;
    }

    /** The payload and nothing else. */
    public void raw(Payload payload) {
        out.clear();
        out.put(payload.bytes(), payload.from(), payload.end() - payload.from());
    }

    private void begin(AddedFields added, String givenId) {
        out.clear();
        out.put('{');
        Instant now = clock.instant();
        added.time(now, timestamps, out);
        added.id(givenId, now, ids, out, json);
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
            names = Names.of(fields);
            prepared.put(fields, names);
        }
        lastFields = fields;
        lastNames = names;
        return names;
    }
}
