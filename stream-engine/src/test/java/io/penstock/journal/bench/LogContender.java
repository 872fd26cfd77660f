package io.penstock.journal.bench;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The log in a closed loop: every client has one message in flight and submits the next when that is durable. The
 * clients share one thread, as connections share an event loop; the log writes on its own thread. Durable entries are
 * soon truncated, as by a sender without a backlog.
 */
final class LogContender implements Contender, LogListener {
    private static final int BEHIND = 20_000;

    private final LogSystem system = LogSystem.create(AgeClock.system());
    private final DurableLog log;
    private final Latencies latencies = new Latencies();
    private volatile long durable;
    private volatile @Nullable Thread loop;

    LogContender(Path folder) throws IOException {
        log = system.open(folder.resolve("log"), new LogSettings(4L << 30, 0), this);
        durable = log.durableEnd();
    }

    /** Lets the log's segments grow to their size under load. */
    void warmUp() {
        run(500, 3_000_000_000L);
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Round run(int clients, long nanos) {
        loop = Thread.currentThread();
        latencies.clear();
        byte[] message = new byte[LogBench.MESSAGE];
        EntryBlock block = new EntryBlock(256, 256);
        block.begin(EntryBlock.NO_KEY);
        block.put(message, 0, message.length);
        block.end();
        long[] submitted = new long[clients];
        long first = log.endOffset();
        long next = first;
        long start = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            submitted[i] = start;
            next = append(block) + 1;
        }
        int client = 0;
        long acknowledged = first;
        long truncated = first;
        long now = start;
        long messages = 0;
        while (acknowledged < next) {
            long end = durable;
            if (end == acknowledged) {
                LockSupport.park(this);
                continue;
            }
            now = System.nanoTime();
            boolean more = now - start < nanos;
            for (; acknowledged < end; acknowledged++) {
                latencies.add(now - submitted[client]);
                messages++;
                if (more) {
                    submitted[client] = now;
                    next = append(block) + 1;
                }
                client = client + 1 == clients ? 0 : client + 1;
            }
            if (acknowledged - truncated > BEHIND) {
                truncated = acknowledged;
                log.truncateBefore(truncated);
            }
        }
        return latencies.round(messages, now - start);
    }

    private long append(EntryBlock block) {
        long offset = log.append(block);
        while (offset < 0) {
            if (offset == DurableLog.CLOSED) {
                throw new IllegalStateException("The log failed.");
            }
            LockSupport.parkNanos(10_000);
            offset = log.append(block);
        }
        return offset;
    }

    @Override
    public void durable(long durableEnd) {
        durable = durableEnd;
        LockSupport.unpark(loop);
    }

    @Override
    public void room() {
        LockSupport.unpark(loop);
    }

    @Override
    public void failed(Throwable cause) {
        throw new IllegalStateException(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
        throw new IllegalStateException("Damaged: " + range);
    }

    @Override
    public void close() throws IOException {
        system.close();
    }
}
