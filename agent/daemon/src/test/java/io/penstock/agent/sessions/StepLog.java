package io.penstock.agent.sessions;

import io.penstock.journal.Claim;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.EntryVisitor;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A log in memory whose entries become durable when a test says so. A crash keeps what was durable, and perhaps more. */
final class StepLog implements DurableLog {
    private final List<Stored> entries;
    private final Random random;
    private LogListener listener;
    private long start;
    private int durable;
    private volatile boolean full;
    private int busyTimes;
    private long refusal;

    record Stored(int key, byte[] bytes) {}

    private StepLog(List<Stored> entries, long start, LogListener listener, Random random) {
        this.entries = entries;
        this.start = start;
        this.durable = entries.size();
        this.listener = listener;
        this.random = random;
    }

    static StepLog empty(LogListener listener, Random random) {
        return new StepLog(new ArrayList<>(), 0, listener, random);
    }

    /** What is left of it after a crash. */
    StepLog afterCrash(LogListener next) {
        int kept = durable + random.nextInt(entries.size() - durable + 1);
        return new StepLog(new ArrayList<>(entries.subList(0, kept)), start, next, random);
    }

    /** Some of what was appended is durable now. */
    synchronized void step() {
        if (durable < entries.size()) {
            durable += 1 + random.nextInt(entries.size() - durable);
            listener.durable(durable);
        }
    }

    synchronized void all() {
        if (durable < entries.size()) {
            durable = entries.size();
            listener.durable(durable);
        }
    }

    /** The first {@code count} entries are durable now. */
    synchronized void durableUpTo(int count) {
        durable = count;
        listener.durable(durable);
    }

    /** Answers each append with this from here on. */
    synchronized void refuse(long answer) {
        refusal = answer;
    }

    /** Takes nothing, until it has room again. */
    void full(boolean now) {
        full = now;
        if (!now) {
            listener.room();
        }
    }

    /** Takes nothing for so many times. */
    synchronized void busy(int times) {
        busyTimes = times;
    }

    List<Stored> entries() {
        return entries;
    }

    @Override
    public Claim claim(EntryBlock block) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized long append(EntryBlock block) {
        if (busyTimes > 0) {
            busyTimes--;
            return BUSY;
        }
        if (refusal < 0) {
            return refusal;
        }
        if (full) {
            return random.nextBoolean() ? BUSY : FULL;
        }
        ByteBuffer bytes = ByteBuffer.allocate(block.size());
        block.copyTo(bytes, 0);
        long first = entries.size();
        while (bytes.hasRemaining()) {
            int key = bytes.getInt();
            byte[] entry = new byte[bytes.getInt()];
            bytes.get(entry);
            entries.add(new Stored(key, entry));
        }
        return first;
    }

    @Override
    public synchronized long durableEnd() {
        return durable;
    }

    @Override
    public long startOffset() {
        return start;
    }

    @Override
    public synchronized long endOffset() {
        return entries.size();
    }

    /** As if a segment had sixteen entries of a MiB each, so that the log is soon large. */
    @Override
    public long sizeBytes() {
        return (entries.size() - start / 16 * 16) << 20;
    }

    @Override
    public Optional<String> diskShortage() {
        return Optional.empty();
    }

    @Override
    public void truncateBefore(long offset) {
        start = Math.max(start, Math.min(offset, durable));
    }

    @Override
    public LogReader reader() {
        return new LogReader() {
            @Override
            public long read(long from, int maxBytes, EntryVisitor visitor) {
                for (long at = Math.max(from, start); at < durable; at++) {
                    Stored entry = entries.get((int) at);
                    visitor.visit(at, entry.key(), 0, ByteBuffer.wrap(entry.bytes()));
                }
                return durable;
            }

            @Override
            public long readBatches(long from, int maxBytes, EntryVisitor visitor) {
                return read(from, maxBytes, visitor);
            }

            @Override
            public long read(int key, long from, int maxBytes, EntryVisitor visitor) {
                return read(from, maxBytes, visitor);
            }

            @Override
            public long seek(int key, long timestamp) {
                return durable;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public List<DamagedRange> damage() {
        return List.of();
    }

    @Override
    public void close() {
        all();
    }
}
