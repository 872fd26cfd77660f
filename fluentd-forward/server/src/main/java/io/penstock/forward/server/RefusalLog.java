package io.penstock.forward.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs refusals: at most one line per reason and second, which then says how many were left out. Thread-safe. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardServer.class);
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final Map<Refusal, Line> lines = new EnumMap<>(Refusal.class);

    RefusalLog() {
        for (Refusal refusal : Refusal.values()) {
            lines.put(refusal, new Line());
        }
    }

    void refused(Peer peer, Refusal refusal, long offset, String detail) {
        Line line = lines.get(refusal);
        long left = line == null ? 0 : line.next(System.nanoTime());
        if (left >= 0) {
            LOG.warn(
                    "forward: closing {}: {} at byte {}: {}{}",
                    peer,
                    refusal.label(),
                    offset,
                    detail,
                    left == 0 ? "" : " (" + left + " like this were not logged)");
        }
    }

    private static final class Line {
        private long last;
        private boolean any;
        private long leftOut;

        /** How many lines were left out since the last one, or -1 when this one is to be left out too. */
        synchronized long next(long now) {
            if (any && now - last < INTERVAL) {
                leftOut++;
                return -1;
            }
            any = true;
            last = now;
            long count = leftOut;
            leftOut = 0;
            return count;
        }
    }
}
