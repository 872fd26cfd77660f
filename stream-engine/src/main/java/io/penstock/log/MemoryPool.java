package io.penstock.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The append buffers of all logs of a {@link LogSystem}: off-heap, of one size, made on demand up to a bound and kept.
 * Whoever got none is told when one comes back. Thread-safe; touched once per group.
 */
final class MemoryPool {
    /** A buffer twice: {@code shared} for absolute access by many, {@code own} for its one writer's I/O. */
    record Chunk(ByteBuffer shared, ByteBuffer own) {}

    private final int chunkBytes;
    private final long mostChunks;
    private final Executor executor;
    private final ArrayDeque<Chunk> free = new ArrayDeque<>();
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private long made;

    MemoryPool(int chunkBytes, long bytes, Executor executor) {
        this.chunkBytes = chunkBytes;
        this.executor = executor;
        this.mostChunks = Math.max(1, bytes / chunkBytes);
    }

    int chunkBytes() {
        return chunkBytes;
    }

    /** A chunk, or null when all are out; then {@code whenFree} runs once, on the executor, after one came back. */
    synchronized @Nullable Chunk take(Runnable whenFree) {
        Chunk chunk = free.pollLast();
        if (chunk == null && made < mostChunks) {
            made++;
            ByteBuffer memory = ByteBuffer.allocateDirect(chunkBytes);
            chunk = new Chunk(memory, memory.duplicate());
        }
        if (chunk == null) {
            waiting.add(whenFree);
        }
        return chunk;
    }

    synchronized void giveBack(Chunk chunk) {
        free.addLast(chunk);
        Iterator<Runnable> waiters = waiting.iterator();
        if (waiters.hasNext()) {
            executor.execute(waiters.next());
            waiters.remove();
        }
    }

    /** Whether somebody got none: who holds a chunk without need gives it back. */
    synchronized boolean isShort() {
        return !waiting.isEmpty();
    }

    synchronized void forget(Runnable whenFree) {
        waiting.remove(whenFree);
    }

    /** Lets go of what is not out. */
    synchronized void clear() {
        made -= free.size();
        free.clear();
    }
}
