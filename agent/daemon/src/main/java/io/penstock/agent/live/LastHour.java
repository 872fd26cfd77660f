package io.penstock.agent.live;

import java.time.Duration;
import java.util.List;

/**
 * The last hour in memory: every 10 s for the totals, the process and each source, every 30 s for each stream. At most
 * {@value #MOST_SOURCES} sources and {@value #MOST_STREAMS} streams have a history, together at most 2.2 MB. Thread-safe.
 */
final class LastHour {
    static final int MOST_SOURCES = 24;
    static final int MOST_STREAMS = 1_000;
    static final String ALL = "";

    private static final long FINE = Duration.ofSeconds(10).toNanos();
    private static final long COARSE = Duration.ofSeconds(30).toNanos();

    private final History totals = new History(
            List.of(
                    "in",
                    "in_bytes",
                    "out",
                    "out_bytes",
                    "refused",
                    "held_back",
                    "retried",
                    "throttled",
                    "waiting",
                    "waiting_bytes",
                    "oldest",
                    "heap",
                    "direct",
                    "files",
                    "cpu",
                    "disk_free"),
            FINE,
            360,
            1);
    private final History sources =
            new History(List.of("events", "bytes", "refused", "connections"), FINE, 360, MOST_SOURCES);
    private final History streams = new History(List.of("in", "out", "waiting", "oldest"), COARSE, 120, MOST_STREAMS);

    void add(Figures now, long nanos) {
        totals.advance(nanos);
        sources.advance(nanos);
        streams.advance(nanos);
        if (now.seconds() == 0) {
            return;
        }
        Figures.Totals sum = now.totals();
        totals.add(
                ALL,
                sum.in(),
                sum.inBytes(),
                sum.out(),
                sum.outBytes(),
                sum.refused(),
                sum.heldBack(),
                sum.retried(),
                sum.throttled(),
                sum.waiting(),
                sum.waitingBytes(),
                sum.oldest(),
                now.process().heap(),
                now.process().direct(),
                now.process().files(),
                now.process().cpu(),
                now.state().disk().map(disk -> (double) disk.freeBytes()).orElse(Double.NaN));
        for (Figures.Source source : now.sources()) {
            sources.add(
                    source.name(),
                    source.events(),
                    source.bytes(),
                    source.refused(),
                    source.count().connections());
        }
        for (Figures.Stream stream : now.streams()) {
            streams.add(
                    stream.reading().name(),
                    stream.in(),
                    stream.out(),
                    stream.reading().spool().records(),
                    stream.reading().oldestSeconds());
        }
    }

    History totals() {
        return totals;
    }

    History sources() {
        return sources;
    }

    History streams() {
        return streams;
    }
}
