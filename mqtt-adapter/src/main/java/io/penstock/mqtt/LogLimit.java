package io.penstock.mqtt;

import java.util.concurrent.TimeUnit;

/** Lets through a few lines per interval and counts the others. Thread-safe by its lock: it guards log lines only. */
final class LogLimit {
    /** What {@link #pass} answers when nothing is to be logged. */
    static final long SILENT = -1;

    private static final int LINES = 10;
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private long intervalStart;
    private int logged;
    private long unlogged;

    /** {@link #SILENT}, or how many lines were kept back before this one. */
    synchronized long pass(long nanoTime) {
        if (logged == 0 || nanoTime - intervalStart >= INTERVAL_NANOS) {
            intervalStart = nanoTime;
            logged = 0;
        }
        if (logged == LINES) {
            unlogged++;
            return SILENT;
        }
        logged++;
        long before = unlogged;
        unlogged = 0;
        return before;
    }
}
