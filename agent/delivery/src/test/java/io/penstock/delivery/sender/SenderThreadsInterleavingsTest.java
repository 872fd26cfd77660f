package io.penstock.delivery.sender;

import io.penstock.delivery.spool.StreamId;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A sender's seat with many interleavings of its thread and of those that wake it, at every access to shared memory.
 * Shared state is in fields of named classes, because Lincheck does not track variables captured by lambdas.
 */
@Tag("interleavings")
class SenderThreadsInterleavingsTest {
    private static final int INTERLEAVINGS = 200;

    @Test
    void aSeatNeverRunsItsSenderOnTwoThreadsAndAWakeWhileRunningIsNotLost() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Waking());
    }

    @Test
    void aSenderThatTakesItsSeatWhileItIsWokenRuns() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Sitting());
    }

    @Test
    void theEarliestTimeASenderHasAskedForIsKeptThroughWakes() {
        Lincheck.runConcurrentTest(INTERLEAVINGS, new Timing());
    }

    /** Two threads give the sender something to do while it runs. */
    private static final class Waking implements Runnable {
        @Override
        public void run() {
            OneThread thread = new OneThread();
            SenderThreads.Seat seat = seat(thread);
            Noting sender = new Noting();
            seat.take(sender);
            Waker one = new Waker(seat, sender, true);
            Waker other = new Waker(seat, sender, false);
            one.start();
            other.start();
            thread.runAll();
            join(one);
            join(other);
            thread.runAll();
            check(!sender.onTwoThreads, "the sender ran on two threads at a time");
            check(sender.sawFirst && sender.sawSecond, "a wake was lost");
        }
    }

    /** A sender is seated while something wakes the seat. */
    private static final class Sitting implements Runnable {
        @Override
        public void run() {
            OneThread thread = new OneThread();
            SenderThreads.Seat seat = seat(thread);
            Noting sender = new Noting();
            Waker waker = new Waker(seat, sender, true);
            Sitter sitter = new Sitter(seat, sender);
            waker.start();
            sitter.start();
            thread.runAll();
            join(waker);
            join(sitter);
            thread.runAll();
            check(sender.sawFirst, "the sender did not run after it was seated and woken");
        }
    }

    /** The sender requests a time in each pass, an earlier one if it was woken. */
    private static final class Timing implements Runnable {
        @Override
        public void run() {
            OneThread thread = new OneThread();
            SenderThreads.Seat seat = seat(thread);
            Noting sender = new Noting();
            sender.at = 20;
            sender.atAfterFirst = 10;
            seat.take(sender);
            Waker one = new Waker(seat, sender, true);
            Waker other = new Waker(seat, sender, false);
            one.start();
            other.start();
            thread.runAll();
            join(one);
            join(other);
            thread.runAll();
            check(thread.timers().equals(List.of(10L)), "the next passes are at " + thread.timers());
        }
    }

    private static SenderThreads.Seat seat(OneThread thread) {
        return new SenderThreads(0, new Standing()).new Seat(thread);
    }

    private static final class Standing implements LongSupplier {
        @Override
        public long getAsLong() {
            return 0;
        }
    }

    private static final class Noting implements SenderThreads.Work {
        private final AtomicBoolean busy = new AtomicBoolean();
        private volatile boolean first;
        private volatile boolean second;
        private volatile boolean sawFirst;
        private volatile boolean sawSecond;
        private volatile boolean onTwoThreads;
        private long at = Long.MAX_VALUE;
        private long atAfterFirst = Long.MAX_VALUE;

        @Override
        public StreamId stream() {
            return new StreamId("default", "sensors");
        }

        @Override
        public long doWork() {
            onTwoThreads |= !busy.compareAndSet(false, true);
            sawFirst = first;
            sawSecond = second;
            busy.set(false);
            return sawFirst ? atAfterFirst : at;
        }
    }

    private static final class Waker extends Thread {
        private final SenderThreads.Seat seat;
        private final Noting sender;
        private final boolean first;

        Waker(SenderThreads.Seat seat, Noting sender, boolean first) {
            this.seat = seat;
            this.sender = sender;
            this.first = first;
        }

        @Override
        public void run() {
            if (first) {
                sender.first = true;
            } else {
                sender.second = true;
            }
            seat.wake();
        }
    }

    private static final class Sitter extends Thread {
        private final SenderThreads.Seat seat;
        private final Noting sender;

        Sitter(SenderThreads.Seat seat, Noting sender) {
            this.seat = seat;
            this.sender = sender;
        }

        @Override
        public void run() {
            seat.take(sender);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
