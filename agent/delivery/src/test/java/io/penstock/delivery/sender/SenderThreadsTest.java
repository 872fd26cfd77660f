package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.delivery.spool.StreamId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SenderThreadsTest {
    private final OneThread thread = new OneThread();

    @Test
    void aTimeThatASenderAsksForIsKeptAlsoAfterAPassThatFailed() {
        SenderThreads.Seat seat = new SenderThreads(0, () -> 0).new Seat(thread);
        Passes passes = new Passes();
        seat.take(passes);
        thread.runAll();
        assertEquals(List.of(20L), thread.timers());
        seat.wake();
        thread.runAll();
        assertEquals(List.of(TimeUnit.SECONDS.toNanos(1)), thread.timers());
        seat.wake();
        thread.runAll();
        assertEquals(List.of(30L), thread.timers());
    }

    /** Requests a time, fails, and requests a time before the next try. */
    private static final class Passes implements SenderThreads.Work {
        private int pass;

        @Override
        public StreamId stream() {
            return new StreamId("default", "sensors");
        }

        @Override
        public long doWork() {
            pass++;
            if (pass == 2) {
                throw new IllegalStateException("a defect");
            }
            return pass == 1 ? 20 : 30;
        }
    }
}
