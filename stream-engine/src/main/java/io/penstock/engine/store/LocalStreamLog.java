package io.penstock.engine.store;

import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.EntryVisitor;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogReader;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StreamLog} on a {@link DurableLog}; the entry's key is the shard's index.
 *
 * <p>Thread-safe. {@link #gate} is held for reading around an append and for writing while an epoch begins, both for a
 * few instructions. A few idle readers are kept; more are opened when more threads read at once.
 */
final class LocalStreamLog implements StreamLog, LogListener {
    private static final int IDLE_READERS = 2;

    private final StreamLog.Listener listener;
    private final Runnable closed;
    private final BlockingQueue<LogReader> readers = new ArrayBlockingQueue<>(IDLE_READERS);
    private final StampedLock gate = new StampedLock();
    private final Object durability = new Object();
    /** Threads in {@link #awaitDurable}: a batch takes the monitor only if there are any. */
    private final AtomicInteger awaiting = new AtomicInteger();

    private long epoch;
    private volatile boolean failed;
    private volatile boolean shut;
    private volatile @Nullable DurableLog log;

    LocalStreamLog(StreamLog.Listener listener, Runnable closed) {
        this.listener = listener;
        this.closed = closed;
    }

    void start(LogSystem logs, Path folder, LogSettings settings) throws IOException {
        DurableLog opened = logs.open(folder, settings, this);
        long stamp = gate.writeLock();
        try {
            log = opened;
        } finally {
            gate.unlockWrite(stamp);
        }
    }

    @Override
    public long append(long mappedIn, EntryBlock block) {
        long stamp = gate.readLock();
        try {
            return mappedIn == epoch ? log().append(block) : SEALED;
        } finally {
            gate.unlockRead(stamp);
        }
    }

    @Override
    public long seal(long newEpoch) throws IOException {
        long end;
        long stamp = gate.writeLock();
        try {
            epoch = newEpoch;
            end = log().endOffset();
        } finally {
            gate.unlockWrite(stamp);
        }
        awaitDurable(end);
        return end;
    }

    private void awaitDurable(long end) throws IOException {
        // Order matters: counted before the end is read, as durable() raises the end before it reads the count.
        awaiting.incrementAndGet();
        try {
            synchronized (durability) {
                while (log().durableEnd() < end) {
                    if (failed || shut) {
                        throw new IOException(
                                "the log has failed or was closed; restart the engine once the disk is well");
                    }
                    durability.wait();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the disk", e);
        } finally {
            awaiting.decrementAndGet();
        }
    }

    @Override
    public long read(int shard, long from, EntryVisitor visitor) throws IOException {
        return reading(reader -> reader.read(shard, from, Integer.MAX_VALUE, visitor));
    }

    @Override
    public long readAll(long from, int maxBytes, EntryVisitor visitor) throws IOException {
        return reading(reader -> reader.read(from, maxBytes, visitor));
    }

    @Override
    public long find(int shard, long stamp) throws IOException {
        return reading(reader -> reader.seek(shard, stamp));
    }

    @Override
    public long find(long stamp) throws IOException {
        return reading(reader -> reader.seek(EntryBlock.NO_KEY, stamp));
    }

    private interface Reading {
        long with(LogReader reader) throws IOException;
    }

    private long reading(Reading reading) throws IOException {
        if (shut) {
            throw new IOException("the stream's records are closed");
        }
        LogReader idle = readers.poll();
        LogReader reader = idle == null ? log().reader() : idle;
        boolean reusable = false;
        try {
            long result = reading.with(reader);
            reusable = true;
            return result;
        } finally {
            // A reader that failed may be at any position, so it is not reused.
            if (!reusable || shut || !readers.offer(reader)) {
                reader.close();
            }
        }
    }

    @Override
    public void trim(long offset) {
        log().truncateBefore(offset);
    }

    @Override
    public long startOffset() {
        return log().startOffset();
    }

    @Override
    public long durableEnd() {
        return log().durableEnd();
    }

    @Override
    public long endOffset() {
        return log().endOffset();
    }

    @Override
    public long sizeBytes() {
        return log().sizeBytes();
    }

    @Override
    public void durable(long end) {
        if (awaiting.get() > 0) {
            synchronized (durability) {
                durability.notifyAll();
            }
        }
        listener.durable(end);
    }

    @Override
    public void room() {
        listener.room();
    }

    @Override
    public void failed(Throwable cause) {
        synchronized (durability) {
            failed = true;
            durability.notifyAll();
        }
        listener.failed(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
        listener.damaged(range.fromOffset(), range.toOffset());
    }

    @Override
    public void close() throws IOException {
        try {
            log().close();
        } finally {
            synchronized (durability) {
                shut = true;
                durability.notifyAll();
            }
            for (LogReader reader = readers.poll(); reader != null; reader = readers.poll()) {
                reader.close();
            }
            closed.run();
        }
    }

    private DurableLog log() {
        DurableLog opened = log;
        if (opened == null) {
            throw new IllegalStateException("not opened");
        }
        return opened;
    }
}
