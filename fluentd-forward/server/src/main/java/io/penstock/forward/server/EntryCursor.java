package io.penstock.forward.server;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Steps through the entries of a chunk: {@code [time, record]}, or with metadata as Fluent Bit sends it
 * {@code [[time, metadata], record]}. {@link #check} walks them all first; only then are they handed out.
 *
 * <p>The metadata is left out of the records, as Fluent Bit's own outputs leave it out, and so are the markers with which
 * Fluent Bit begins and ends a group of entries.
 */
final class EntryCursor {
    private static final int UNKNOWN = -1;

    private final MsgpackCursor cursor;
    private final MsgpackCursor fields;
    private final EventTime time = new EventTime();
    private final InstantSource clock;
    private final int maxEntries;

    private byte[] bytes = {};
    private int end;
    private boolean single;
    private int count;
    private int passed;
    private int record;
    private int recordEnd;
    private long arrival;

    EntryCursor(int maxDepth, int maxEntries, InstantSource clock) {
        this.cursor = new MsgpackCursor(maxDepth);
        this.fields = new MsgpackCursor(maxDepth);
        this.maxEntries = maxEntries;
        this.clock = clock;
    }

    /** The bytes of a message of its own: a time and a record without an array around them. */
    void single(byte[] source, int from, int to) throws BadChunkException {
        begin(source, from, to, true);
        entry();
        count = 1;
        rewind(from);
    }

    /** Entries one behind the other: the elements of an array, or packed. */
    void check(byte[] source, int from, int to) throws BadChunkException {
        begin(source, from, to, false);
        int events = 0;
        for (int seen = 0; !cursor.atEnd(); seen++) {
            if (seen == maxEntries) {
                throw new BadChunkException(
                        Refusal.TOO_MANY_ENTRIES, cursor.at(), "more than " + maxEntries + " entries in one chunk");
            }
            if (entry()) {
                events++;
            }
        }
        count = events;
        rewind(from);
    }

    int count() {
        return count;
    }

    boolean next() {
        if (passed == count) {
            return false;
        }
        try {
            if (passed > 0) {
                leaveRecord();
            }
            while (!head()) {
                leaveRecord();
            }
        } catch (BadChunkException e) {
            throw changed(e);
        }
        passed++;
        return true;
    }

    /** Says where the present record ends, for one who has walked it anyway. */
    void recordEndsAt(int index) {
        recordEnd = index;
    }

    private void leaveRecord() throws BadChunkException {
        if (recordEnd == UNKNOWN) {
            cursor.skip();
        } else {
            cursor.moveTo(recordEnd);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int record() {
        return record;
    }

    long seconds() {
        return time.known ? time.seconds : Math.floorDiv(arrival, 1000L);
    }

    int nanos() {
        return time.known ? time.nanos : (int) Math.floorMod(arrival, 1000L) * 1_000_000;
    }

    Optional<String> text(byte[] name) {
        int value = find(name);
        if (value < 0 || !Msgpack.isString(bytes[value] & 0xff)) {
            return Optional.empty();
        }
        try {
            int length = fields.text("a field");
            return Optional.of(new String(bytes, fields.at(), length, StandardCharsets.UTF_8));
        } catch (BadChunkException e) {
            throw changed(e);
        }
    }

    /** Where the value of the record's first field {@code name} begins; -1 when there is none. */
    int find(byte[] name) {
        fields.reset(bytes, record, end);
        try {
            int count = fields.map("a record");
            for (int i = 0; i < count; i++) {
                if (isString(name)) {
                    return fields.at();
                }
                fields.skip();
            }
        } catch (BadChunkException e) {
            throw changed(e);
        }
        return -1;
    }

    private boolean isString(byte[] name) throws BadChunkException {
        if (!Msgpack.isString(fields.type())) {
            fields.skip();
            return false;
        }
        int length = fields.text("a key");
        int at = fields.at();
        fields.jump(length);
        return length == name.length && Arrays.equals(name, 0, length, bytes, at, at + length);
    }

    private static IllegalStateException changed(BadChunkException e) {
        return new IllegalStateException("a chunk changed after it was checked", e);
    }

    private void begin(byte[] source, int from, int to, boolean isSingle) {
        bytes = source;
        end = to;
        single = isSingle;
        arrival = clock.millis();
        cursor.reset(source, from, to);
    }

    private void rewind(int from) {
        cursor.reset(bytes, from, end);
        passed = 0;
    }

    /** Checks one entry and moves past it: whether it is an event. */
    private boolean entry() throws BadChunkException {
        boolean event = head();
        cursor.skip();
        return event;
    }

    /** Reads an entry up to its record: whether it is an event. */
    private boolean head() throws BadChunkException {
        int start = cursor.at();
        if (!single && cursor.array("an entry") != 2) {
            throw new BadChunkException(Refusal.MALFORMED, start, "an entry is an array of a time and a record");
        }
        boolean withMetadata = !single && Msgpack.isArray(cursor.type());
        if (withMetadata) {
            if (cursor.array("an entry's time and metadata") != 2) {
                throw new BadChunkException(
                        Refusal.MALFORMED, start, "an entry's head is an array of a time and metadata");
            }
            time.read(bytes, cursor);
            cursor.skip();
        } else {
            time.read(bytes, cursor);
        }
        record = cursor.at();
        recordEnd = UNKNOWN;
        if (!Msgpack.isMap(cursor.type())) {
            throw new BadChunkException(
                    Refusal.MALFORMED, record, "a record is a map, not " + Msgpack.describe(cursor.type()));
        }
        return !(withMetadata && time.marksGroup());
    }
}
