package io.penstock.agent.sessions;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogReader;
import io.penstock.mqtt.session.SessionStore.Owner;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** What the session log holds at a start, read from its first entry to its last. Bounded by the log's size. */
@OwnedBy(ThreadRole.HOLDER)
final class Replay {
    /** No stream: the record is surely stored. */
    static final int CERTAIN = -1;

    /** In place of a packet identifier: the will, after whose publication the details are not needed. */
    static final int WILL = 0;

    private static final int READ_BYTES = 1 << 20;

    private static final byte[] NONE = {};

    final Map<Long, Old> sessions = new HashMap<>();
    final Map<Integer, StreamId> streams = new HashMap<>();
    private final Map<Integer, Long> stored = new HashMap<>();

    /** A session of an earlier run. */
    static final class Old {
        final long number;
        final Owner owner;
        final String name;
        final Map<Integer, Place> unreleased = new HashMap<>();
        int epoch;
        long expirySeconds;
        long endedAt;
        boolean connected = true;
        byte[] details = NONE;
        /** Of the last publish that the log knows. Marks with a higher one are newer than the log. */
        long sequence;
        /** Of the last publish that the log or a spool knows. */
        long newest;

        Old(long number, Owner owner, String name) {
            this.number = number;
            this.owner = owner;
            this.name = name;
        }

        void sequence(long known) {
            sequence = known;
            newest = known;
        }
    }

    /** Where a publish's record is: in the stream with this number, or {@link #CERTAIN}. */
    record Place(int stream, long offset) {}

    /** Reads a log that was just opened. Blocks while the disk is read. */
    static Replay of(DurableLog log) throws IOException {
        Replay found = new Replay();
        try (LogReader reader = log.reader()) {
            long at = log.startOffset();
            while (at < log.durableEnd()) {
                at = reader.read(at, READ_BYTES, (offset, key, timestamp, entry) -> {
                    found.read(entry);
                    return true;
                });
            }
        }
        return found;
    }

    /** Below this offset of a stream all records were stored, and their marks are in the log. */
    long storedBelow(int stream) {
        return stored.getOrDefault(stream, 0L);
    }

    /** @throws IllegalArgumentException if the entry is none that this version writes */
    void read(ByteBuffer entry) {
        ByteBuffer in = entry.duplicate();
        try {
            while (in.hasRemaining()) {
                readOne(in);
            }
        } catch (BufferUnderflowException shorter) {
            throw new IllegalArgumentException("an operation is cut off", shorter);
        }
    }

    private void readOne(ByteBuffer in) {
        byte op = in.get();
        if (op == Op.STREAM) {
            int number = in.getInt();
            streams.put(number, new StreamId(Op.text(in), Op.text(in)));
        } else if (op == Op.STORED) {
            int number = in.getInt();
            stored.merge(number, in.getLong(), Math::max);
        } else {
            long number = in.getLong();
            ofSession(op, number, in.getInt(), in);
        }
    }

    private void ofSession(byte op, long number, int epoch, ByteBuffer in) {
        Old known = sessions.get(number);
        // Without its beginning the session is written as a whole further on, or dropped.
        Old old = known != null && known.epoch <= epoch ? known : new Old(number, Owner.LISTENER, "");
        switch (op) {
            case Op.BEGUN -> {
                Old begun = new Old(number, Op.owner(in), Op.text(in));
                begun.epoch = epoch;
                if (known == null) {
                    sessions.put(number, begun);
                }
            }
            case Op.WHOLE -> {
                Old whole = whole(number, in);
                whole.epoch = epoch;
                if (known == null || old == known) {
                    sessions.put(number, whole);
                }
            }
            case Op.CONNECTED -> {
                old.expirySeconds = in.getLong();
                old.details = Op.bytes(in);
                old.connected = true;
                old.unreleased.remove(WILL);
            }
            case Op.ENDED -> {
                old.expirySeconds = in.getLong();
                old.endedAt = in.getLong();
                old.details = in.get() == 0 ? NONE : old.details;
                old.connected = false;
            }
            case Op.FORGOTTEN -> old.details = NONE;
            case Op.TAKEN -> {
                old.sequence(in.getLong());
                int packetId = Short.toUnsignedInt(in.getShort());
                old.unreleased.put(packetId, new Place(in.getInt(), in.getLong()));
            }
            case Op.RELEASED -> old.unreleased.remove(Short.toUnsignedInt(in.getShort()));
            case Op.DROPPED -> sessions.remove(number);
            default -> throw new IllegalArgumentException("operation " + op);
        }
    }

    private static Old whole(long number, ByteBuffer in) {
        Old old = new Old(number, Op.owner(in), Op.text(in));
        old.expirySeconds = in.getLong();
        old.endedAt = in.getLong();
        old.connected = in.get() != 0;
        old.sequence(in.getLong());
        old.details = Op.bytes(in);
        for (int pages = Short.toUnsignedInt(in.getShort()); pages > 0; pages--) {
            int first = Byte.toUnsignedInt(in.get()) * Op.PAGE;
            for (int at = 0; at < Op.PAGE; at += Byte.SIZE) {
                int bits = in.get();
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                    if ((bits & 1 << bit) != 0) {
                        old.unreleased.put(first + at + bit, new Place(CERTAIN, 0));
                    }
                }
            }
        }
        for (int placed = Short.toUnsignedInt(in.getShort()); placed > 0; placed--) {
            int packetId = Short.toUnsignedInt(in.getShort());
            old.unreleased.put(packetId, new Place(in.getInt(), in.getLong()));
        }
        return old;
    }
}
