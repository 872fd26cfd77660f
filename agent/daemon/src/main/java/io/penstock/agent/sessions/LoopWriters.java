package io.penstock.agent.sessions;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops that have sessions, each with what it writes. Any thread. */
final class LoopWriters {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWriters.class);

    private final SessionLog store;
    private final ConcurrentMap<EventExecutor, LoopWriter> writers = new ConcurrentHashMap<>();

    LoopWriters(SessionLog store) {
        this.store = store;
    }

    LoopWriter of(EventExecutor loop) {
        LoopWriter known = writers.get(loop);
        return known != null ? known : writers.computeIfAbsent(loop, of -> new LoopWriter(of, store));
    }

    /** Lets each loop append what it has. */
    Flushed flushAll() {
        return Flushed.of(this, writers.values());
    }

    /**
     * Lets each loop append what it has, again after each {@code pause} while the log is busy with what it got before,
     * but no longer than {@code longest}. What then still waits was never answered as durable.
     */
    void flushAll(Duration longest, Duration pause) {
        long start = System.nanoTime();
        long left = longest.toNanos();
        while (left > 0
                && !flushAll().await(Duration.ofNanos(left))
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(pause.toNanos());
            left = longest.toNanos() - (System.nanoTime() - start);
        }
    }

    /** Lets each loop write the sessions anew that it has not written since {@code generation} began. */
    void renew(int generation) {
        writers.values().forEach(writer -> execute(writer, () -> writer.renew(generation)));
    }

    /** Appends what waits for room, and lets publishes in again if there is enough. */
    void retryHeld() {
        for (LoopWriter writer : writers.values()) {
            if (writer.isHeld()) {
                execute(writer, writer::retry);
            }
        }
    }

    /** Runs a task on a loop; a loop that has stopped is forgotten. Returns false if it has. */
    boolean execute(LoopWriter writer, Runnable task) {
        try {
            writer.loop.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            LOG.debug("A loop of MQTT has stopped", stopped);
            writers.remove(writer.loop, writer);
            return false;
        }
    }

    /** Entries of the log below {@code end} are durable. */
    void durableUpTo(long end) {
        for (LoopWriter writer : writers.values()) {
            writer.durableUpTo(end);
        }
    }

    /** What is not durable never will be. */
    void fail() {
        writers.values().forEach(writer -> {
            writer.durable.fail();
            writer.room.tell();
        });
    }
}
