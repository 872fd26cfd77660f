package io.penstock.journal.bench;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogReader;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a log of some GiB takes to open, and to read through. Usage: {@code RecoveryTime write FOLDER GIB}, which
 * ends the process without closing the log, then, best with cold caches, {@code RecoveryTime open FOLDER}.
 */
public final class RecoveryTime {
    private RecoveryTime() {}

    public static void main(String[] args) throws IOException {
        LogSystem system = LogSystem.create(AgeClock.system());
        long start = System.nanoTime();
        DurableLog log = system.open(Path.of(args[1]), new LogSettings(1L << 40, 0), new Silent());
        System.out.printf(
                Locale.ROOT,
                "opened %.2f GiB, %d entries in %.0f ms%n",
                log.sizeBytes() / (double) (1 << 30),
                log.durableEnd() - log.startOffset(),
                (System.nanoTime() - start) / 1e6);
        if (args[0].equals("write")) {
            write(log, Integer.parseInt(args[2]));
            Runtime.getRuntime().halt(0);
        }
        read(log);
        system.close();
    }

    private static void write(DurableLog log, int gib) {
        EntryBlock block = new EntryBlock(64 << 10, 64 << 10);
        byte[] message = new byte[1000];
        for (int i = 0; i < 50; i++) {
            block.begin(i % 4);
            block.put(message, 0, message.length);
            block.end();
        }
        long bytes = 0;
        while (bytes < (long) gib << 30) {
            if (log.append(block) >= 0) {
                bytes += block.size();
            } else {
                LockSupport.parkNanos(20_000);
            }
        }
        while (log.durableEnd() < log.endOffset()) {
            LockSupport.parkNanos(20_000);
        }
    }

    private static void read(DurableLog log) throws IOException {
        long start = System.nanoTime();
        long[] bytes = {0};
        try (LogReader reader = log.reader()) {
            for (long at = log.startOffset(); at < log.durableEnd(); ) {
                at = reader.read(at, 1 << 20, (offset, key, timestamp, entry) -> {
                    bytes[0] += entry.remaining();
                    return true;
                });
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "read %.2f GiB at %.0f MiB/s%n",
                bytes[0] / (double) (1 << 30),
                bytes[0] / seconds / (1 << 20));
    }

    private static final class Silent implements LogListener {
        @Override
        public void durable(long durableEnd) {
            // not used
        }

        @Override
        public void room() {
            // polled
        }

        @Override
        public void failed(Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public void damaged(DamagedRange range) {
            throw new IllegalStateException("Damaged: " + range);
        }
    }
}
