package io.penstock.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.penstock.base.time.AgeClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an append allocates: something per batch of a thousand messages, nothing per message. */
class AppendAllocationTest {
    private static final int MESSAGES = 200_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    private final EntryBlock block = new EntryBlock(256, 256);

    @Test
    void anAppendMakesNoObjectOfItsOwn() throws IOException {
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[200], 0, 200);
        block.end();
        try (LogSystem system = LogSystem.create(AgeClock.system());
                DurableLog log = system.open(folder, new LogSettings(1L << 30, 0), new RecordingListener())) {
            append(log);
            double each = append(log) / (double) MESSAGES;
            assertTrue(each < 1, each + " bytes allocated by the appending thread per message");
        }
    }

    /** The bytes that were allocated to append the messages; repeated tries after a refusal are not counted. */
    private long append(DurableLog log) {
        long allocated = 0;
        for (int taken = 0; taken < MESSAGES; ) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            if (log.append(block) >= 0) {
                taken++;
                allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
            } else {
                Thread.onSpinWait();
            }
        }
        return allocated;
    }
}
