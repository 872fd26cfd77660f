package io.penstock.agent.sessions;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of the session log that no event loop writes. They are appended in order, and wait here while the log has
 * no room. Any thread; one at a time may {@link #awaitDurable}.
 */
final class LooseEntries {
    private static final int MOST_BLOCK = 64 << 20;
    private static final long WITHOUT_SIGNAL = Duration.ofMillis(100).toNanos();

    private final DurableLog log;

    /** Guarded by the monitor, as is {@link #last}. */
    private final Deque<EntryBlock> waiting = new ArrayDeque<>();

    private long last = -1;
    private volatile @Nullable Thread awaiting;

    LooseEntries(DurableLog log) {
        this.log = log;
    }

    /** Appends an entry of these operations, now or when there is room. Returns false if there are no operations. */
    boolean write(Consumer<GrowingBytes> operations) {
        EntryBlock block = new EntryBlock(1 << 10, MOST_BLOCK);
        block.begin(EntryBlock.NO_KEY);
        int none = block.size();
        operations.accept(block.entry());
        if (block.size() == none) {
            return false;
        }
        block.end();
        append(block);
        return true;
    }

    private synchronized void append(EntryBlock block) {
        waiting.add(block);
        retry();
    }

    /** Appends what waits for room. Returns true if nothing does any more. */
    synchronized boolean retry() {
        while (!waiting.isEmpty()) {
            long entry = log.append(waiting.element());
            if (entry == DurableLog.BUSY || entry == DurableLog.FULL) {
                return false;
            }
            waiting.remove();
            last = Math.max(last, entry);
        }
        return true;
    }

    /** True if all entries are durable. */
    synchronized boolean isDurable() {
        return waiting.isEmpty() && log.durableEnd() > last;
    }

    /** Waits until all entries are durable, but no longer than this. */
    void awaitDurable(Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        awaiting = Thread.currentThread();
        try {
            while (!(retry() && isDurable()) && !Thread.currentThread().isInterrupted()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                LockSupport.parkNanos(this, Math.min(left, WITHOUT_SIGNAL));
            }
        } finally {
            awaiting = null;
        }
    }

    /** The log has room, or more of it is durable. Does not block: this is a thread of the log. */
    void progressed() {
        Thread waits = awaiting;
        if (waits != null) {
            LockSupport.unpark(waits);
        }
    }
}
