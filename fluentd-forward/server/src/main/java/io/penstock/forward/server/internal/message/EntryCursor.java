package io.penstock.forward.server.internal.message;

import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.EventTime;
import io.penstock.forward.server.internal.msgpack.MapSearch;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.MsgpackCursor;
import io.penstock.forward.server.internal.msgpack.Token;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Steps through the entries of a chunk: {@code [time, record]}, or with metadata as Fluent Bit sends it
 * {@code [[time, metadata], record]}. {@link #check} walks them all first; only then are they handed out.
 * One that is msgpack but cannot be a record is handed out with its {@link #fault}; what is no msgpack refuses the
 * chunk.
 *
 * <p>The metadata is left out of the records, as Fluent Bit's own outputs leave it out, and so are the markers with
 * which Fluent Bit begins and ends a group of entries.
 */
public final class EntryCursor {
    private static final int UNKNOWN = -1;
    private static final byte[] NOTHING = {};

    private final MsgpackCursor cursor;
    private final MapSearch search = new MapSearch();
    private final MsgpackCursor field = new MsgpackCursor();
    private final EventTime time = new EventTime();
    private final InstantSource clock;
    private final int maxDepth;
    private final int maxEntries;

    private byte[] bytes = NOTHING;
    private int start;
    private int end;
    private boolean single;
    private int count;
    private int passed;
    private int entryAt;
    private boolean withMetadata;
    /** What is wrong with the present entry, or nothing. */
    private String fault = "";

    private boolean anyFault;
    private int record;
    private int recordEnd;
    private long arrival;

    public EntryCursor(int maxDepth, int maxEntries, InstantSource clock) {
        this.cursor = new MsgpackCursor(maxDepth);
        this.maxDepth = maxDepth;
        this.maxEntries = maxEntries;
        this.clock = clock;
    }

    /**
     * A message of its own: a time and a record without an array around them.
     *
     * @return where it ends, before {@code to}
     */
    int single(byte[] source, int from, int to) throws BadChunkException {
        begin(source, from, to, true);
        enter(true);
        count = 1;
        anyFault = !fault.isEmpty();
        return found(from);
    }

    /** Entries one behind the other, packed. */
    void checkPacked(byte[] source, int from, int to) throws BadChunkException {
        if (from < to && !Msgpack.isArray(source[from] & 0xff)) {
            throw new BadChunkException(
                    Refusal.MALFORMED,
                    from,
                    "behind the tag stands text or binary that is neither a time nor packed entries: an entry is an array");
        }
        check(source, from, to);
    }

    /** Entries one behind the other, up to {@code to}. */
    public void check(byte[] source, int from, int to) throws BadChunkException {
        begin(source, from, to, false);
        for (int seen = 0; !cursor.atEnd(); seen++) {
            enterNext(seen);
        }
        found(from);
    }

    /**
     * Entries one behind the other, the elements of an array.
     *
     * @return where they end, before {@code to}
     */
    int elements(byte[] source, int from, int to, int elements) throws BadChunkException {
        begin(source, from, to, false);
        for (int seen = 0; seen < elements; seen++) {
            enterNext(seen);
        }
        return found(from);
    }

    /** Of a chunk whose entries are not looked at. */
    void none() {
        begin(NOTHING, 0, 0, false);
        found(0);
    }

    /** Lets go of the bytes, so that they do not stay in memory. */
    void forget() {
        none();
        field.forget();
        search.forget();
    }

    private void enterNext(int seen) throws BadChunkException {
        if (seen == maxEntries) {
            throw new BadChunkException(
                    Refusal.TOO_MANY_ENTRIES, cursor.at(), "more than " + maxEntries + " entries in one chunk");
        }
        if (enter(true)) {
            count++;
            anyFault |= !fault.isEmpty();
        }
    }

    /** Ends the check and goes back to the first entry. Returns the end of the last one. */
    private int found(int from) {
        int to = cursor.at();
        start = from;
        end = to;
        rewind();
        return to;
    }

    void rewind() {
        cursor.reset(bytes, start, end);
        passed = 0;
    }

    int count() {
        return count;
    }

    public boolean next() {
        if (passed == count) {
            return false;
        }
        try {
            if (passed > 0) {
                leaveRecord();
            }
            while (!enter(anyFault)) {
                leaveRecord();
            }
        } catch (BadChunkException e) {
            throw changed(e);
        }
        passed++;
        return true;
    }

    /** Why the present entry cannot be a record; empty when it can. */
    public String fault() {
        return fault;
    }

    /** A copy of the present entry as it came: {@code [time, record]}. */
    public byte[] entry() {
        int head = single ? 1 : 0;
        int length = (recordEnd == UNKNOWN ? Token.end(bytes, record) : recordEnd) - entryAt;
        byte[] entry = new byte[head + length];
        entry[0] = (byte) 0x92;
        System.arraycopy(bytes, entryAt, entry, head, length);
        return entry;
    }

    /** Sets where the present record ends, if its reader has walked it already. */
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
            field.reset(bytes, value, end);
            int length = field.text("a field");
            return Optional.of(new String(bytes, field.at(), length, StandardCharsets.UTF_8));
        } catch (BadChunkException e) {
            throw changed(e);
        }
    }

    /** Where the value of the record's first field {@code name} begins; -1 when there is none. */
    int find(byte[] name) {
        return search.find(bytes, record, end, name);
    }

    private static IllegalStateException changed(BadChunkException e) {
        return new IllegalStateException("a chunk changed after it was checked", e);
    }

    private void begin(byte[] source, int from, int to, boolean isSingle) {
        bytes = source;
        end = to;
        single = isSingle;
        count = 0;
        anyFault = false;
        arrival = clock.millis();
        cursor.reset(source, from, to);
    }

    /** Goes into one entry, and to its end if told: whether it is to be handed out. */
    private boolean enter(boolean toItsEnd) throws BadChunkException {
        entryAt = cursor.at();
        fault = head();
        if (!fault.isEmpty()) {
            cursor.moveTo(entryAt);
            cursor.skip();
            if (single) {
                cursor.skip();
            }
            recordEnd = cursor.at();
            return true;
        }
        record = cursor.at();
        recordEnd = UNKNOWN;
        boolean marker = withMetadata && time.marksGroup();
        if (toItsEnd) {
            boolean shallow = cursor.skipShallow();
            recordEnd = cursor.at();
            if (!shallow && !marker) {
                fault = "its record is nested deeper than " + maxDepth + " levels";
            }
        }
        return !marker;
    }

    /** Reads an entry up to its record: what is wrong with it, or nothing. */
    private String head() throws BadChunkException {
        withMetadata = false;
        if (!single) {
            int elements = Msgpack.isArray(cursor.type()) ? cursor.array("an entry") : -1;
            if (elements != 2) {
                return elements < 0
                        ? "it is " + Msgpack.describe(cursor.type()) + ", not an array of a time and a record"
                        : "it is an array of " + elements + ", not of a time and a record";
            }
            withMetadata = Msgpack.isArray(cursor.type());
            if (withMetadata && cursor.array("an entry's time and metadata") != 2) {
                return "its head is not an array of a time and metadata";
            }
        }
        int timeType = cursor.type();
        if (!time.read(bytes, cursor)) {
            return "its time is " + Msgpack.describe(timeType) + ", not EventTime, an integer or a float";
        }
        if (withMetadata) {
            cursor.skip();
        }
        return Msgpack.isMap(cursor.type()) ? "" : "its record is " + Msgpack.describe(cursor.type()) + ", not a map";
    }
}
