package io.penstock.agent.live;

import io.penstock.agent.metrics.SourceCount;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes rates of counts: the difference to the reading before, per second. Holds the counts of one reading. */
@OwnedBy(ThreadRole.HOLDER)
final class Rates {
    private static final double NANOS = 1e9;

    private Map<String, SourceCount> sources = Map.of();
    private Map<StreamId, Counts> streams = Map.of();
    private long at;
    private boolean started;

    private record Counts(long accepted, long delivered, long deliveredBytes, long retried, long throttled) {
        static Counts of(StreamReading reading) {
            return new Counts(
                    reading.accepted(),
                    reading.delivered(),
                    reading.deliveredBytes(),
                    reading.retried(),
                    reading.throttled());
        }
    }

    /**
     * @param nanos elapsed time, for the rates
     * @param when the wall clock, for display
     */
    Figures next(Reading reading, ProcessUse process, long nanos, Instant when) {
        double seconds = started ? Math.max(1, nanos - at) / NANOS : 0;
        List<Figures.Source> ofSources = new ArrayList<>();
        reading.sources().forEach((name, count) -> ofSources.add(source(name, count, seconds)));
        Map<StreamId, Counts> counted = new HashMap<>();
        List<Figures.Stream> ofStreams = new ArrayList<>(reading.streams().size());
        for (StreamReading stream : reading.streams()) {
            Counts counts = Counts.of(stream);
            counted.put(stream.spool().stream(), counts);
            ofStreams.add(stream(stream, counts, seconds));
        }
        sources = reading.sources();
        streams = counted;
        at = nanos;
        started = true;
        return new Figures(when, seconds, reading.state(), totals(ofSources, ofStreams), ofSources, ofStreams, process);
    }

    private Figures.Source source(String name, SourceCount now, double seconds) {
        SourceCount before = sources.getOrDefault(name, SourceCount.NONE);
        return new Figures.Source(
                name,
                now,
                rate(now.events() - before.events(), seconds),
                rate(now.bytes() - before.bytes(), seconds),
                rate(now.refusals() - before.refusals(), seconds),
                rate(now.heldBack() - before.heldBack(), seconds));
    }

    /** A stream that was not there before: what its spool holds may be of an earlier run, and is no rate. */
    private Figures.Stream stream(StreamReading reading, Counts now, double seconds) {
        Counts before = streams.getOrDefault(reading.spool().stream(), now);
        return new Figures.Stream(
                reading,
                rate(now.accepted - before.accepted, seconds),
                rate(now.delivered - before.delivered, seconds),
                rate(now.deliveredBytes - before.deliveredBytes, seconds),
                rate(now.retried - before.retried, seconds),
                rate(now.throttled - before.throttled, seconds));
    }

    /** Several counts are read one after the other, so that a difference may be below 0 by a little. */
    private static double rate(long difference, double seconds) {
        return seconds == 0 ? 0 : Math.max(0, difference) / seconds;
    }

    private static Figures.Totals totals(List<Figures.Source> sources, List<Figures.Stream> streams) {
        double in = 0;
        double inBytes = 0;
        double refused = 0;
        double heldBack = 0;
        for (Figures.Source source : sources) {
            in += source.events();
            inBytes += source.bytes();
            refused += source.refused();
            heldBack += source.heldBack();
        }
        double out = 0;
        double outBytes = 0;
        double retried = 0;
        double throttled = 0;
        long waiting = 0;
        long waitingBytes = 0;
        double oldest = 0;
        for (Figures.Stream stream : streams) {
            out += stream.out();
            outBytes += stream.outBytes();
            retried += stream.retried();
            throttled += stream.throttled();
            waiting += stream.reading().spool().records();
            waitingBytes += stream.reading().spool().bytes();
            oldest = Math.max(oldest, stream.reading().oldestSeconds());
        }
        return new Figures.Totals(
                in, inBytes, out, outBytes, refused, heldBack, retried, throttled, waiting, waitingBytes, oldest);
    }
}
