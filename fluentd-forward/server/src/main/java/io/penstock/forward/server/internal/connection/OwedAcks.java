package io.penstock.forward.server.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.AckQueue;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.Owed;
import java.util.List;

/**
 * What a connection owes, in the order of arrival: an acknowledgement goes out once its chunk and all chunks before it
 * are durable. Bounded by {@link io.penstock.forward.server.ForwardSettings#maxUnacknowledged}, beyond which the
 * connection is not read.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class OwedAcks implements AckQueue.Answers<byte[]> {
    /** Of a part of a chunk whose acknowledgement a later part carries. */
    private static final byte[] NOTHING = {};

    private final Outlet outlet;
    private final AckQueue<byte[]> parts;
    private int chunks;
    private boolean wrote;

    OwedAcks(EventExecutor loop, Outlet outlet) {
        this.outlet = outlet;
        this.parts = new AckQueue<>(loop, this, () -> outlet.contain(this::settle));
    }

    /** Where acknowledgements go. */
    interface Outlet {
        void write(byte[] ack);

        /** All that can be written at present is. */
        void written();

        /** What is owed will never be durable. */
        void failed();

        /** Runs work that a timer or another thread has brought; a defect in it ends the connection. */
        void contain(Runnable work);
    }

    /** How many chunks wait. */
    int chunks() {
        return chunks;
    }

    /** Adds a chunk whose events were stored in {@code stored}; {@link #settle} then writes what is due. */
    void add(List<Owed> stored, byte[] ack) {
        int last = stored.size() - 1;
        for (int i = 0; i < last; i++) {
            parts.add(stored.get(i).where(), stored.get(i).offset(), 0, NOTHING);
        }
        if (last < 0) {
            parts.add(Watermark.IMMEDIATE, 0, 0, ack);
        } else {
            parts.add(stored.get(last).where(), stored.get(last).offset(), 0, ack);
        }
        chunks++;
    }

    void settle() {
        parts.settle();
        if (wrote) {
            wrote = false;
            outlet.written();
        }
    }

    @Override
    public void passed(int tag, byte[] ack) {
        if (ack.length > 0) {
            chunks--;
            outlet.write(ack);
            wrote = true;
        }
    }

    @Override
    public void lost(int tag, byte[] ack) {
        clear();
        outlet.failed();
    }

    void clear() {
        parts.clear();
        chunks = 0;
    }
}
