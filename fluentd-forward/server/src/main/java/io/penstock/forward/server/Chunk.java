package io.penstock.forward.server;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A chunk of events under one tag, read entry by entry straight from the bytes that came: {@link #next()} steps to an
 * entry, the other methods look at it.
 *
 * <p>Its form has been checked from end to end before a handler sees it. Belongs to its connection's event loop and is
 * valid during {@link ChunkHandler#take} only: the memory is used again for the next chunk.
 */
public final class Chunk {
    private final EventExecutor loop;
    private final EntryCursor entries;
    private final MsgpackJson json = new MsgpackJson();
    private final List<Owed> owed = new ArrayList<>();

    private Peer peer;
    private String tag = "";
    private byte[] tagBytes = {};
    private String source = "";

    Chunk(EventExecutor loop, Peer peer, EntryCursor entries) {
        this.loop = loop;
        this.peer = peer;
        this.entries = entries;
    }

    /** The event loop of the connection. */
    public EventExecutor loop() {
        return loop;
    }

    /** Who sent it. */
    public Peer peer() {
        return peer;
    }

    /** The tag of all its events. The same object as long as a connection's tag stays the same. */
    public String tag() {
        return tag;
    }

    /** The option {@code source}, by which a sender says what program its events come from; otherwise empty. */
    public String source() {
        return source;
    }

    /** How many entries the chunk has in all, those with a {@link #fault} too. */
    public int entries() {
        return entries.count();
    }

    /** Steps to the next entry, first to the first; false after the last. */
    public boolean next() {
        return entries.next();
    }

    /**
     * Why the present entry cannot be a record, such as a time that is text or nesting beyond the limit. Empty for an
     * event. Of an entry with a fault only {@link #entry} may be asked for. Its chunk is acknowledged like any other,
     * because a sender can do nothing but send all of it again.
     */
    public String fault() {
        return entries.fault();
    }

    /** A copy of the present entry as it came, in msgpack: {@code [time, record]}. */
    public byte[] entry() {
        return entries.entry();
    }

    /** The event's time: seconds since 1970 UTC, within the years 1 to 9999. */
    public long seconds() {
        return entries.seconds();
    }

    /** The event's time: nanoseconds of the second. */
    public int nanos() {
        return entries.nanos();
    }

    /** How JSON is spelled from here to the chunk's end; {@link JsonStyle#PLAIN} unless told. */
    public void style(JsonStyle style) {
        json.style(style);
    }

    /**
     * Writes the event's record as a JSON object without the closing brace, so that the caller may add fields.
     *
     * @param inPlace what takes the place of the record's own values of {@code names}
     * @return which of {@code names} the record has already: bit i for name i
     */
    public long writeFields(JsonBuffer out, FieldSet names, FieldValues inPlace) {
        long present = json.writeOpen(entries.bytes(), entries.record(), names, inPlace, out);
        entries.recordEndsAt(json.at());
        return present;
    }

    /** Writes the event's record as a JSON object. */
    public void write(JsonBuffer out) {
        entries.recordEndsAt(json.write(entries.bytes(), entries.record(), out));
    }

    /**
     * Writes the value of the record's field {@code name}: text as it is, without quotes and escapes, anything else as
     * JSON.
     *
     * @return whether it has that field; if not, nothing is written
     */
    public boolean writeValue(String name, JsonBuffer out) {
        int at = entries.find(name.getBytes(StandardCharsets.UTF_8));
        if (at < 0) {
            return false;
        }
        json.writeText(entries.bytes(), at, out);
        return true;
    }

    /**
     * Writes the value of the record's field {@code name} as JSON.
     *
     * @return whether it has that field; if not, nothing is written
     */
    public boolean writeJsonValue(String name, JsonBuffer out) {
        int at = entries.find(name.getBytes(StandardCharsets.UTF_8));
        if (at < 0) {
            return false;
        }
        json.write(entries.bytes(), at, out);
        return true;
    }

    /** The record's field {@code name} if it is there and a string. */
    public Optional<String> text(String name) {
        return entries.text(name.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Says that events were stored: the sender's acknowledgement waits until {@code where} has passed {@code offset}.
     * May be called several times for one chunk, each time with a larger offset of the same {@code where}.
     */
    public void stored(Watermark where, long offset) {
        Owed last = new Owed(where, offset, Owed.NOTHING);
        for (int i = owed.size() - 1; i >= 0; i--) {
            if (owed.get(i).where() == where) {
                owed.set(i, last);
                return;
            }
        }
        owed.add(last);
    }

    /** What is owed for this chunk: for each place in which some of it was stored, the last that must be durable. */
    List<Owed> owed() {
        return owed;
    }

    MsgpackJson json() {
        return json;
    }

    void identify(Peer newPeer) {
        peer = newPeer;
    }

    void begin(byte[] bytes, int tagAt, int tagLength, String newSource) {
        if (!Arrays.equals(tagBytes, 0, tagBytes.length, bytes, tagAt, tagAt + tagLength)) {
            tagBytes = Arrays.copyOfRange(bytes, tagAt, tagAt + tagLength);
            tag = new String(tagBytes, StandardCharsets.UTF_8);
        }
        source = newSource;
        json.style(JsonStyle.PLAIN);
        owed.clear();
    }
}
