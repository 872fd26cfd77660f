package io.penstock.journal.internal.append;

import io.penstock.journal.internal.append.MemoryPool.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one log's appends: two buffers of the pool, one that takes claims and one that is written, and one
 * block larger than a buffer. Guarded by its {@link Appender}.
 */
final class AppendMemory {
    private static final int BUFFERS = 2;

    private final MemoryPool pool;
    private final LargeBudget largeBudget;
    private final Runnable onMemory;
    private int chunksOut;
    private boolean largeOut;

    /** @param onMemory runs when memory that was refused before has become free */
    AppendMemory(MemoryPool pool, LargeBudget largeBudget, Runnable onMemory) {
        this.pool = pool;
        this.largeBudget = largeBudget;
        this.onMemory = onMemory;
    }

    int bufferBytes() {
        return pool.chunkBytes();
    }

    /** True if this log has all the buffers that it may have. */
    boolean isExhausted() {
        return chunksOut == BUFFERS;
    }

    @Nullable
    Chunk takeBuffer() {
        Chunk chunk = pool.take(onMemory);
        if (chunk != null) {
            chunksOut++;
        }
        return chunk;
    }

    void giveBack(@Nullable Chunk chunk) {
        if (chunk != null) {
            chunksOut--;
            pool.giveBack(chunk);
        }
    }

    /** True if this log has its large block. */
    boolean isLargeOut() {
        return largeOut;
    }

    boolean takeLarge(long bytes) {
        if (largeOut || !largeBudget.take(bytes, onMemory)) {
            return false;
        }
        largeOut = true;
        return true;
    }

    void giveBackLarge(long bytes) {
        largeOut = false;
        largeBudget.giveBack(bytes);
    }

    /** Withdraws all requests for memory. */
    void stop() {
        pool.forget(onMemory);
        largeBudget.forget(onMemory);
    }
}
