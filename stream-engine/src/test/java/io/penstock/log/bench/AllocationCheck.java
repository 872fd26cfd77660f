package io.penstock.log.bench;

import com.sun.management.ThreadMXBean;
import io.penstock.log.EntryBlock;
import io.penstock.log.bench.Contender.Round;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Heap allocated per message in steady state, by all threads of the process together, with 200 clients in a closed loop.
 * Usage: {@code AllocationCheck FOLDER}.
 */
public final class AllocationCheck {
    private static final int CLIENTS = 200;

    private AllocationCheck() {}

    public static void main(String[] args) throws IOException {
        try (LogContender log = new LogContender(Path.of(args[0]))) {
            log.warmUp();
            for (int round = 0; round < 5; round++) {
                long before = allocated();
                Round result = log.run(CLIENTS, 2_000_000_000L);
                double messages = result.perSecond() * 2;
                System.out.printf(
                        Locale.ROOT,
                        "%.0f messages, %.2f bytes of heap each, the harness included (%d bytes of overhead per entry on disk)%n",
                        messages,
                        (allocated() - before) / messages,
                        EntryBlock.ENTRY_OVERHEAD);
            }
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
