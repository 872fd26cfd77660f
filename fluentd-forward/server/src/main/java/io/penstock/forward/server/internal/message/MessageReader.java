package io.penstock.forward.server.internal.message;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.compress.DamagedGzipException;
import io.penstock.base.compress.Gunzip;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Refusal;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import io.penstock.forward.server.internal.msgpack.Msgpack;
import io.penstock.forward.server.internal.msgpack.MsgpackCursor;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole message in any of the modes of the forward protocol v1: Message {@code [tag, time, record, options]},
 * Forward {@code [tag, [entry, ...], options]}, PackedForward {@code [tag, entries as bin or str, options]} and
 * CompressedPackedForward, which an option tells from it. Checks all of it; {@link #chunk()} then is what a handler may
 * see.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class MessageReader implements AutoCloseable {
    private static final int MAX_TAG = 1024;
    /** No other mode has this number of elements: a wrong time makes a bad entry at most. */
    private static final int MESSAGE_WITH_OPTIONS = 4;

    private final ByteBufAllocator allocator;
    private final MemoryBudget.Account memory;
    private final Object owner;
    private final ForwardSettings settings;
    private final MsgpackCursor cursor;
    private final EntryCursor entries;
    private final Options options = new Options();
    private final ReceivedChunk chunk;
    private @Nullable Gunzip gunzip;
    private @Nullable Unpacked unpacked;
    /** Index behind the message that was read last. */
    private int end;

    /** @param owner of the memory that a message takes */
    public MessageReader(
            EventExecutor loop,
            Peer peer,
            ByteBufAllocator allocator,
            MemoryBudget.Account memory,
            Object owner,
            ForwardSettings settings,
            InstantSource clock) {
        this.allocator = allocator;
        this.memory = memory;
        this.owner = owner;
        this.settings = settings;
        this.cursor = new MsgpackCursor();
        this.entries = new EntryCursor(settings.maxDepth(), settings.maxEntries(), clock);
        this.chunk = new ReceivedChunk(loop, peer, entries);
    }

    public ReceivedChunk chunk() {
        return chunk;
    }

    /** The options of the message that was read last. */
    public Options options() {
        return options;
    }

    /**
     * Looks at the first byte of a message, before more of it is waited for.
     *
     * @throws BadChunkException when no message begins like that
     */
    public static void checkFirst(int type, int at) throws BadChunkException {
        if (Msgpack.isArray(type) || type == Msgpack.NIL) {
            return;
        }
        String found = Msgpack.describe(type);
        if (type == 0x16) {
            found = "a TLS handshake; this listener speaks plain TCP";
        } else if (type == '{') {
            found = "an object of JSON; a message is [tag, time, record], in msgpack or in JSON";
        } else if (type >= 'A' && type <= 'Z') {
            found = "text that looks like HTTP; the forward protocol is msgpack over TCP";
        }
        throw new BadChunkException(Refusal.MALFORMED, at, "a message is an array, but here begins " + found);
    }

    /**
     * Reads the message at {@code from} without a scan for its end, so that its entries are walked twice and not three
     * times.
     *
     * @param to index behind the last byte that has arrived
     * @param largest bytes that a message may have
     * @return its length; 0 if it has not arrived whole, has a fault, is JSON or a heartbeat: the caller scans it
     *     then
     */
    public int readWhole(byte[] bytes, int from, int to, int largest) {
        try {
            if (msgpack(bytes, from, to) && end - from <= largest) {
                return end - from;
            }
        } catch (BadChunkException e) {
            // The rest is still to come, or the caller finds the fault again and reports it.
        }
        release();
        return 0;
    }

    /**
     * Reads the message in {@code bytes[from, to)}, which may be JSON; then its acknowledgement is JSON too.
     *
     * @return false for the heartbeat nil, which is no message
     */
    public boolean read(byte[] bytes, int from, int to) throws BadChunkException {
        return bytes[from] == '[' ? json(bytes, from, to) : msgpack(bytes, from, to);
    }

    private boolean json(byte[] bytes, int from, int to) throws BadChunkException {
        Unpacked target = new Unpacked(allocator, memory, owner, settings, from, to - from);
        unpacked = target;
        new JsonToMsgpack().convert(bytes, from, to, target);
        try {
            msgpack(target.array(), target.from(), target.to());
        } catch (BadChunkException e) {
            // What is too short ends here for good, while more may come of msgpack.
            Refusal refusal = e.refusal() == Refusal.TRUNCATED ? Refusal.MALFORMED : e.refusal();
            throw new BadChunkException(refusal, from, "a message in JSON: " + e.detail());
        }
        options.answerInJson();
        return true;
    }

    private boolean msgpack(byte[] bytes, int from, int to) throws BadChunkException {
        cursor.reset(bytes, from, to);
        if (cursor.type() == Msgpack.NIL) {
            return false;
        }
        int elements = cursor.array("a message");
        int tagLength = cursor.text("a message's tag");
        int tagAt = cursor.at();
        if (tagLength > MAX_TAG) {
            throw new BadChunkException(
                    Refusal.TOO_LARGE, tagAt, "a tag of " + tagLength + " bytes; at most " + MAX_TAG);
        }
        cursor.jump(tagLength);
        int second = cursor.type();
        if (elements == MESSAGE_WITH_OPTIONS) {
            message(bytes, from, elements);
        } else if (Msgpack.isArray(second)) {
            forward(bytes, from, elements);
        } else if (Msgpack.isString(second) || Msgpack.isBinary(second)) {
            packed(bytes, from, elements);
        } else {
            message(bytes, from, elements);
        }
        chunk.begin(bytes, tagAt, tagLength, options.source);
        return true;
    }

    private void message(byte[] bytes, int from, int elements) throws BadChunkException {
        elements("Message", elements, 3, from);
        cursor.moveTo(entries.single(bytes, cursor.at(), cursor.end()));
        options(bytes, elements == 4);
    }

    private void forward(byte[] bytes, int from, int elements) throws BadChunkException {
        elements("Forward", elements, 2, from);
        int count = cursor.array("the entries");
        cursor.moveTo(entries.elements(bytes, cursor.at(), cursor.end(), count));
        options(bytes, elements == 3);
    }

    private void packed(byte[] bytes, int from, int elements) throws BadChunkException {
        elements("PackedForward", elements, 2, from);
        int length = cursor.text("the packed entries");
        int start = cursor.at();
        cursor.jump(length);
        options(bytes, elements == 3);
        if (options.isOtherSignal()) {
            entries.none();
            return;
        }
        switch (options.compressed) {
            case "", "text" -> entries.checkPacked(bytes, start, start + length);
            case "gzip", "zstd" -> compressed(bytes, start, length);
            default ->
                throw new BadChunkException(
                        Refusal.UNKNOWN_COMPRESSION,
                        start,
                        "compressed is \"" + options.compressed + "\"; known are gzip, zstd and text");
        }
    }

    private void compressed(byte[] bytes, int start, int length) throws BadChunkException {
        Unpacked target = new Unpacked(allocator, memory, owner, settings, start, length);
        unpacked = target;
        if (options.compressed.equals("gzip")) {
            if (gunzip == null) {
                gunzip = new Gunzip();
            }
            gunzip(gunzip, bytes, start, start + length, target);
        } else {
            Unzstd.unpack(bytes, start, start + length, target);
        }
        try {
            entries.checkPacked(target.array(), target.from(), target.to());
        } catch (BadChunkException e) {
            throw new BadChunkException(
                    e.refusal(), start, "byte " + (e.at() - target.from()) + " of the unpacked entries: " + e.detail());
        }
    }

    private static void gunzip(Gunzip gunzip, byte[] bytes, int from, int to, Unpacked out) throws BadChunkException {
        try {
            gunzip.begin(bytes, from, to);
            int count;
            do {
                int room = out.room();
                count = gunzip.read(out.array(), out.to(), room);
                out.wrote(Math.max(0, count));
            } while (count >= 0);
        } catch (DamagedGzipException e) {
            throw new BadChunkException(Refusal.BAD_COMPRESSION, e.at(), "damaged gzip: " + e.what());
        }
    }

    private void options(byte[] bytes, boolean present) throws BadChunkException {
        if (present) {
            options.read(bytes, cursor, settings.otherSignals());
        } else {
            options.clear();
        }
        end = cursor.at();
    }

    private static void elements(String mode, int elements, int least, int at) throws BadChunkException {
        if (elements < least || elements > least + 1) {
            throw new BadChunkException(
                    Refusal.MALFORMED,
                    at,
                    "an array of " + elements + " in mode " + mode + ", which has " + least + " and perhaps options");
        }
    }

    /** Gives back what the last message needed. */
    public void release() {
        cursor.forget();
        chunk.forget();
        if (unpacked != null) {
            unpacked.release();
            unpacked = null;
        }
    }

    @Override
    public void close() {
        release();
        if (gunzip != null) {
            gunzip.close();
            gunzip = null;
        }
    }
}
