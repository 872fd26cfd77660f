package io.penstock.forward.server.internal.connection;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.forward.server.ForwardSettings;
import io.penstock.forward.server.internal.message.Owed;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a connection owes, in the order of arrival: an acknowledgement goes out once its chunk and all chunks before it
 * are durable. Watches the durability of the oldest part. Owned by the connection's event loop; bounded by
 * {@link ForwardSettings#maxUnacknowledged}, beyond which the connection is not read.
 */
final class OwedAcks {
    private final EventExecutor loop;
    private final Outlet outlet;
    private final Queue<Owed> parts = new ArrayDeque<>();
    private int chunks;
    private @Nullable Watermark watched;

    OwedAcks(EventExecutor loop, Outlet outlet) {
        this.loop = loop;
        this.outlet = outlet;
    }

    /** Where acknowledgements go. */
    interface Outlet {
        void write(byte[] ack);

        /** All that can be written at present is. */
        void written();

        /** What is owed will never be durable. */
        void failed();

        /** Runs work of this connection that another's thread of control brings; its defects end the connection. */
        void contain(Runnable work);
    }

    /** How many chunks wait. */
    int chunks() {
        return chunks;
    }

    /** Adds a chunk whose events were stored in {@code stored}; {@link #settle} then writes what is due. */
    void add(List<Owed> stored, byte[] ack) {
        for (int i = 0; i < stored.size() - 1; i++) {
            parts.add(stored.get(i));
        }
        if (stored.isEmpty()) {
            parts.add(new Owed(Watermark.IMMEDIATE, 0, ack));
        } else {
            Owed last = stored.get(stored.size() - 1);
            parts.add(new Owed(last.where(), last.offset(), ack));
        }
        chunks++;
    }

    void settle() {
        boolean wrote = false;
        for (Owed head = parts.peek(); head != null; head = parts.peek()) {
            if (head.isDurable()) {
                parts.remove();
                if (head.ack().length > 0) {
                    chunks--;
                    outlet.write(head.ack());
                    wrote = true;
                }
            } else if (head.where().failed()) {
                clear();
                outlet.failed();
            } else if (watched == head.where()) {
                break;
            } else {
                // What passes between the check and the call is seen by the check that follows.
                watch(head.where());
            }
        }
        if (wrote) {
            outlet.written();
        }
    }

    void clear() {
        parts.clear();
        chunks = 0;
    }

    private void watch(Watermark where) {
        watched = where;
        where.onAdvance(loop, () -> {
            if (watched == where) {
                watched = null;
            }
            outlet.contain(this::settle);
        });
    }
}
