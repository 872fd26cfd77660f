package io.penstock.forward.server.internal.message;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.FieldSet;
import io.penstock.forward.server.FieldValues;
import io.penstock.forward.server.JsonDialect;
import io.penstock.forward.server.Owed;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.internal.json.MsgpackJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The chunk of a message that was read; one for each connection, filled again for each message. */
public final class ReceivedChunk implements Chunk {
    private static final byte[] NO_MARK = {};

    private final EventExecutor loop;
    private final EntryCursor entries;
    private final MsgpackJson json = new MsgpackJson();
    private final List<Owed> owed = new ArrayList<>();

    private Peer peer;
    private String tag = "";
    private byte[] tagBytes = {};
    private String source = "";
    private byte[] mark = NO_MARK;

    ReceivedChunk(EventExecutor loop, Peer peer, EntryCursor entries) {
        this.loop = loop;
        this.peer = peer;
        this.entries = entries;
    }

    @Override
    public EventExecutor loop() {
        return loop;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public String tag() {
        return tag;
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public byte[] mark() {
        return mark;
    }

    public void mark(byte[] toStore) {
        mark = toStore;
    }

    @Override
    public int entries() {
        return entries.count();
    }

    @Override
    public boolean next() {
        return entries.next();
    }

    @Override
    public void rewind() {
        entries.rewind();
    }

    @Override
    public String fault() {
        return entries.fault();
    }

    @Override
    public byte[] entry() {
        return entries.entry();
    }

    @Override
    public long seconds() {
        return entries.seconds();
    }

    @Override
    public int nanos() {
        return entries.nanos();
    }

    @Override
    public void dialect(JsonDialect dialect) {
        json.dialect(dialect);
    }

    @Override
    public long writeFields(GrowingBytes out, FieldSet names, FieldValues inPlace) {
        long present = json.writeOpen(entries.bytes(), entries.record(), names, inPlace, out);
        entries.recordEndsAt(json.at());
        return present;
    }

    @Override
    public void write(GrowingBytes out) {
        entries.recordEndsAt(json.write(entries.bytes(), entries.record(), out));
    }

    @Override
    public boolean writeValue(String name, GrowingBytes out) {
        int at = entries.find(name.getBytes(StandardCharsets.UTF_8));
        if (at < 0) {
            return false;
        }
        json.writeText(entries.bytes(), at, out);
        return true;
    }

    @Override
    public boolean writeJsonValue(String name, GrowingBytes out) {
        int at = entries.find(name.getBytes(StandardCharsets.UTF_8));
        if (at < 0) {
            return false;
        }
        json.write(entries.bytes(), at, out);
        return true;
    }

    @Override
    public Optional<String> text(String name) {
        return entries.text(name.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void stored(Watermark where, long offset) {
        Owed last = new Owed(where, offset);
        for (int i = owed.size() - 1; i >= 0; i--) {
            if (owed.get(i).where() == where) {
                owed.set(i, last);
                return;
            }
        }
        owed.add(last);
    }

    /** What is owed for this chunk: for each place in which some of it was stored, the last that must be durable. */
    public List<Owed> owed() {
        return owed;
    }

    public MsgpackJson json() {
        return json;
    }

    public void identify(Peer newPeer) {
        peer = newPeer;
    }

    /** Lets go of the message's bytes: a connection that is silent must not keep its last message in memory. */
    void forget() {
        entries.forget();
        json.forget();
    }

    void begin(byte[] bytes, int tagAt, int tagLength, String newSource) {
        if (!Arrays.equals(tagBytes, 0, tagBytes.length, bytes, tagAt, tagAt + tagLength)) {
            tagBytes = Arrays.copyOfRange(bytes, tagAt, tagAt + tagLength);
            tag = new String(tagBytes, StandardCharsets.UTF_8);
        }
        source = newSource;
        mark = NO_MARK;
        json.dialect(JsonDialect.PLAIN);
        owed.clear();
    }
}
