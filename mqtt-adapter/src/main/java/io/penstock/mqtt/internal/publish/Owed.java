package io.penstock.mqtt.internal.publish;

import io.penstock.base.ack.Watermark;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.wire.Refusal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one connection owes its client, oldest first: MQTT wants the acknowledgements in the order of the publishes
 * [MQTT-4.6.0-2, MQTT-4.6.0-3], also when one client's publishes go to several stores. A ring in primitive arrays that
 * doubles up to its bound; idle connections have none. A publish with QoS 0 is owed nothing but stands here too, so
 * that a PINGRESP can wait for it; neighbours of one store share an entry.
 *
 * <p>One event loop. At the bound the connection stops taking packets ({@link #isFull}).
 */
final class Owed {
    enum Kind {
        NOTHING,
        PUBACK,
        PUBREC,
        PUBCOMP,
        PINGRESP
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int INITIAL = 16;

    /** So many places count nothing. */
    private static final int FREE = 64;

    /** Heap of one place, with what a session remembers of its publish. */
    private static final int SLOT_BYTES = 72;

    private final int capacity;
    private final Holding memory;
    private @Nullable Watermark[] where = new Watermark[0];
    private long[] offsets = new long[0];
    private int[] what = new int[0];
    private @Nullable Refusal @Nullable [] refusals;
    private int head;
    private int size;
    private int qos0;
    private boolean noMemory;

    /**
     * @param capacity the bound on what is owed; a power of two
     * @param memory holds what is more than a little
     */
    Owed(int capacity, Holding memory) {
        this.capacity = capacity;
        this.memory = memory;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size >= capacity || noMemory && size >= what.length;
    }

    int size() {
        return size;
    }

    /** Whether publishes with QoS 0 wait for their store. */
    boolean awaitsQos0() {
        return qos0 > 0;
    }

    /** Owes {@code kind} once {@code durability} has passed {@code offset}; at once in its turn if it is null. */
    void add(Kind kind, int packetId, @Nullable Watermark durability, long offset) {
        if (kind == Kind.NOTHING) {
            if (size > 0 && joinsTail(durability)) {
                offsets[slot(size - 1)] = offset;
                return;
            }
            qos0++;
        }
        if (size == what.length) {
            if (size >= FREE) {
                memory.is(memory.bytes() + (long) size * SLOT_BYTES);
            }
            grow();
        }
        int slot = slot(size++);
        where[slot] = durability;
        offsets[slot] = offset;
        what[slot] = kind.ordinal() << 16 | packetId;
        // Looked for ahead: what comes after this must find a place, or wait.
        noMemory = size == what.length && size < capacity && size >= FREE && !memory.tryAdd((long) size * SLOT_BYTES);
        if (size == what.length && size < capacity && size >= FREE && !noMemory) {
            grow();
        }
    }

    private boolean joinsTail(@Nullable Watermark durability) {
        int tail = slot(size - 1);
        return what[tail] >>> 16 == Kind.NOTHING.ordinal() && where[tail] == durability;
    }

    /** Owes an acknowledgement that says why its publish was refused. */
    void addRefusal(Kind kind, int packetId, Refusal refusal) {
        add(kind, packetId, null, 0);
        if (refusals == null) {
            refusals = new Refusal[what.length];
        }
        refusals[slot(size - 1)] = refusal;
    }

    private void grow() {
        int larger = Math.max(INITIAL, what.length * 2);
        @Nullable Watermark[] newWhere = new Watermark[larger];
        long[] newOffsets = new long[larger];
        int[] newWhat = new int[larger];
        @Nullable Refusal @Nullable [] newRefusals = refusals == null ? null : new Refusal[larger];
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            newWhere[i] = where[slot];
            newOffsets[i] = offsets[slot];
            newWhat[i] = what[slot];
            if (newRefusals != null && refusals != null) {
                newRefusals[i] = refusals[slot];
            }
        }
        where = newWhere;
        offsets = newOffsets;
        what = newWhat;
        refusals = newRefusals;
        head = 0;
    }

    private int slot(int position) {
        return head + position & what.length - 1;
    }

    /** The store that the oldest entry waits for; null if it waits for none. Not when empty. */
    @Nullable
    Watermark headDurability() {
        return where[head];
    }

    long headOffset() {
        return offsets[head];
    }

    Kind headKind() {
        return KINDS[what[head] >>> 16];
    }

    int headPacketId() {
        return what[head] & 0xFFFF;
    }

    @Nullable
    Refusal headRefusal() {
        return refusals == null ? null : refusals[head];
    }

    /** Removes the oldest entry. */
    void pop() {
        if (what[head] >>> 16 == Kind.NOTHING.ordinal()) {
            qos0--;
        }
        where[head] = null;
        if (refusals != null) {
            refusals[head] = null;
        }
        head = head + 1 & what.length - 1;
        size--;
        if (size == 0 && what.length > INITIAL * 16) {
            shrink();
        }
    }

    private void shrink() {
        where = new Watermark[0];
        offsets = new long[0];
        what = new int[0];
        refusals = null;
        head = 0;
        noMemory = false;
        memory.release();
    }

    /** Turns every PINGRESP into nothing and answers how many there were: they are sent out of turn. */
    int takePings() {
        int taken = 0;
        for (int i = 0; i < size; i++) {
            int slot = slot(i);
            if (what[slot] >>> 16 == Kind.PINGRESP.ordinal()) {
                what[slot] = Kind.NOTHING.ordinal() << 16;
                qos0++;
                taken++;
            }
        }
        return taken;
    }

    void clear() {
        Arrays.fill(where, null);
        shrink();
        size = 0;
        qos0 = 0;
    }
}
