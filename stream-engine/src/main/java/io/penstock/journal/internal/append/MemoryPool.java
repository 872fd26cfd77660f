package io.penstock.journal.internal.append;

import io.penstock.base.fault.Guard;
import io.penstock.journal.LogSystem;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append buffers of all logs of a {@link LogSystem}: off-heap, of one size, allocated on demand up to a bound, and
 * kept. Thread-safe; used once per batch.
 *
 * <p>Invariant: while a buffer is free and a log waits for one, a wake-up is queued or running. Waiting logs are woken
 * one after the other, in the order of their requests, until no buffer is free or no log waits. So a log that is woken
 * and does not take the buffer (its producers are gone, or have found memory elsewhere) passes it on.
 */
public final class MemoryPool {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryPool.class);

    /**
     * Two views of one buffer: {@code shared} for absolute access by many threads, {@code own} for the I/O of its one
     * writer.
     */
    public record Chunk(ByteBuffer shared, ByteBuffer own) {}

    private final int chunkBytes;
    private final long mostChunks;
    private final Executor executor;
    private final Guard guard = new Guard(LOG);
    private final ArrayDeque<Chunk> free = new ArrayDeque<>();
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private boolean telling;
    private long made;

    public MemoryPool(int chunkBytes, long bytes, Executor executor) {
        this.chunkBytes = chunkBytes;
        this.executor = executor;
        this.mostChunks = Math.max(1, bytes / chunkBytes);
    }

    int chunkBytes() {
        return chunkBytes;
    }

    /**
     * Takes a buffer. Returns null if all are in use; then {@code whenFree} runs once on the executor after one was
     * released.
     */
    public synchronized @Nullable Chunk take(Runnable whenFree) {
        Chunk chunk = free.pollLast();
        if (chunk == null && made < mostChunks) {
            ByteBuffer memory = ByteBuffer.allocateDirect(chunkBytes);
            made++;
            chunk = new Chunk(memory, memory.duplicate());
        }
        if (chunk == null) {
            waiting.add(whenFree);
        }
        return chunk;
    }

    public synchronized void giveBack(Chunk chunk) {
        free.addLast(chunk);
        tellNext();
    }

    private synchronized void tellNext() {
        if (telling || free.isEmpty() || waiting.isEmpty()) {
            return;
        }
        Iterator<Runnable> waiters = waiting.iterator();
        Runnable next = waiters.next();
        waiters.remove();
        telling = true;
        try {
            executor.execute(() -> tell(next));
        } catch (RejectedExecutionException closed) {
            telling = false;
        }
    }

    private void tell(Runnable whenFree) {
        guard.run("A log's listener for an append buffer", whenFree);
        synchronized (this) {
            telling = false;
            tellNext();
        }
    }

    synchronized void forget(Runnable whenFree) {
        waiting.remove(whenFree);
    }

    /** Frees the buffers that are not in use. */
    public synchronized void clear() {
        made -= free.size();
        free.clear();
    }
}
