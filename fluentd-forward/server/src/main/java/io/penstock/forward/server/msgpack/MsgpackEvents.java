package io.penstock.forward.server.msgpack;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.ForwardRecord;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.internal.json.MsgpackJson;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.EventTime;
import io.penstock.forward.server.internal.msgpack.MapSearch;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.MsgpackCursor;
import java.nio.charset.StandardCharsets;

/**
 * Steps through the events of msgpack that came without the messages of the forward protocol: values one behind the
 * other, each of which is a map, an entry {@code [time, map]} or {@code [[time, metadata], map]} as Fluent Bit has it,
 * or an array of those. Metadata and Fluent Bit's group markers are left out, as in chunks of the forward protocol.
 *
 * <p>Trusts nothing: each event is checked to its end when it is stepped to. Holds no more than the bytes that it was
 * given.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class MsgpackEvents implements ForwardRecord {
    private static final byte[] NONE = {};

    private final MsgpackCursor cursor;
    private final MapSearch search = new MapSearch();
    private final EventTime time = new EventTime();
    private final MsgpackJson json = new MsgpackJson();
    private final int maxDepth;

    private byte[] bytes = NONE;
    private int end;
    private long inArray;
    private int record;

    /** @param maxDepth how deep a record's maps and arrays may be nested */
    public MsgpackEvents(int maxDepth) {
        this.cursor = new MsgpackCursor(maxDepth);
        this.maxDepth = maxDepth;
    }

    /** Begins anew. The caller must not change the bytes until the last {@link #next}. */
    public void begin(byte[] source, int from, int to) {
        bytes = source;
        end = to;
        inArray = 0;
        cursor.reset(source, from, to);
        json.dialect(JsonDialect.PLAIN);
    }

    /** Steps to the next event, first to the first; false after the last. */
    public boolean next() throws BadMsgpackException {
        try {
            while (inArray > 0 || !cursor.atEnd()) {
                boolean element = inArray > 0;
                if (element) {
                    inArray--;
                }
                if (event(element)) {
                    return true;
                }
            }
            return false;
        } catch (BadChunkException bad) {
            throw new BadMsgpackException(bad.at(), bad.detail());
        }
    }

    /** How many bytes have been stepped over, up to the end of the present event. */
    public int at() {
        return cursor.at();
    }

    /** True if the present event has a time of its own; if not, {@link #seconds} and {@link #nanos} have no meaning. */
    public boolean hasTime() {
        return time.known;
    }

    /** Strings' sequences that were no UTF-8, since the last call of this method. */
    public int takeReplaced() {
        return json.takeReplaced();
    }

    /** Reads one value, or the head of an array; true when that brought an event. */
    private boolean event(boolean element) throws BadChunkException, BadMsgpackException {
        int type = cursor.type();
        time.known = false;
        if (Msgpack.isMap(type)) {
            map();
            return true;
        }
        if (!Msgpack.isArray(type)) {
            throw unexpected(cursor.at(), type, "a map");
        }
        int start = cursor.at();
        int elements = cursor.array("events");
        if (elements == 2 && isEntry()) {
            return entry();
        }
        if (element || elements > 0 && !startsEvent(cursor.type())) {
            throw new BadMsgpackException(
                    start,
                    "expected a map, or an entry of a time and a map, but found an array of " + elements + " values");
        }
        inArray = elements;
        return false;
    }

    private static boolean startsEvent(int type) {
        return Msgpack.isMap(type) || Msgpack.isArray(type);
    }

    /** Whether the two values at the cursor are no events themselves, but a time, perhaps with metadata, and a map. */
    private boolean isEntry() throws BadChunkException {
        int start = cursor.at();
        boolean is = !Msgpack.isMap(cursor.type());
        if (is) {
            cursor.skip();
            is = Msgpack.isMap(cursor.type());
            cursor.moveTo(start);
        }
        return is;
    }

    private boolean entry() throws BadChunkException, BadMsgpackException {
        boolean withMetadata = Msgpack.isArray(cursor.type());
        if (withMetadata && cursor.array("an entry's time and metadata") != 2) {
            throw new BadMsgpackException(cursor.at(), "an entry's head is not an array of a time and metadata");
        }
        int at = cursor.at();
        int type = cursor.type();
        if (!time.read(bytes, cursor)) {
            throw unexpected(at, type, "an entry's time (EventTime, an integer or a float)");
        }
        if (withMetadata) {
            cursor.skip();
        }
        boolean marker = withMetadata && time.marksGroup();
        if (!Msgpack.isMap(cursor.type())) {
            throw unexpected(cursor.at(), cursor.type(), "an entry's map");
        }
        map();
        return !marker;
    }

    private void map() throws BadChunkException, BadMsgpackException {
        record = cursor.at();
        if (!cursor.skipShallow()) {
            throw new BadMsgpackException(record, "a map is nested deeper than " + maxDepth + " levels");
        }
    }

    private static BadMsgpackException unexpected(int at, int type, String expected) {
        return new BadMsgpackException(at, "expected " + expected + " but found " + Msgpack.describe(type));
    }

    @Override
    public long seconds() {
        return time.seconds;
    }

    @Override
    public int nanos() {
        return time.nanos;
    }

    @Override
    public void dialect(JsonDialect dialect) {
        json.dialect(dialect);
    }

    @Override
    public long writeFields(GrowingBytes out, FieldSet names, FieldValues inPlace) {
        return json.writeOpen(bytes, record, names, inPlace, out);
    }

    @Override
    public void write(GrowingBytes out) {
        json.write(bytes, record, out);
    }

    @Override
    public boolean writeValue(String name, GrowingBytes out) {
        int at = find(name);
        if (at >= 0) {
            json.writeText(bytes, at, out);
        }
        return at >= 0;
    }

    @Override
    public boolean writeJsonValue(String name, GrowingBytes out) {
        int at = find(name);
        if (at >= 0) {
            json.write(bytes, at, out);
        }
        return at >= 0;
    }

    private int find(String name) {
        return search.find(bytes, record, end, name.getBytes(StandardCharsets.UTF_8));
    }
}
