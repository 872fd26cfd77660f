package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.kinesis.put.WireSize;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.kinesis.settings.TargetSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The common limits of a target's streams: bytes per second, and calls in flight. Any thread; nothing blocks. Bounded
 * by the number of streams, because each waits at most once.
 *
 * <p>Bytes come from a token bucket. A call may go when the bucket is not empty, and takes its whole size, so the debt
 * of a large call is paid before the next. While the limits are reached, streams wait in a queue, and the stream at the
 * head goes next: start-time fair queueing (Goyal, Vin, Cheng 1997), first among the priorities by weight, then among
 * the streams of one priority. A stream that was idle has no claim to the capacity that it did not use. Only the head
 * is woken: when it becomes the head, and when a call returns.
 */
final class TargetSendQueue {
    private static final double SECOND = Duration.ofSeconds(1).toNanos();
    private static final double BURST_SECONDS = 0.1;

    private static final int MOST_CALLS = 240;
    private static final int SPARE_SHARE = 16;

    private final double bytesPerSecond;
    private final int maxCalls;
    private final ToLongFunction<PutCall> size;
    private final List<Band> bands =
            Arrays.stream(Priority.values()).map(Band::new).toList();
    private double tokens;
    private long filledAt;
    private int callsOut;
    private double servedBand;
    private long slots;

    static TargetSendQueue of(TargetSettings target, long now) {
        return new TargetSendQueue(
                target.sending().rate(),
                calls(target.network().connections()),
                call -> WireSize.of(target.sending().api(), call),
                now);
    }

    /**
     * The limit of calls in flight: less than the target's connections, so that no call waits unseen for a connection,
     * and calls about streams find one.
     */
    static int calls(int connections) {
        int spare = (connections + SPARE_SHARE - 1) / SPARE_SHARE;
        return Math.max(1, Math.min(MOST_CALLS, connections - spare));
    }

    /**
     * @param bytesPerSecond maximum rate; infinite for no limit
     * @param maxCalls maximum number of calls in flight
     * @param size computes the size of a call in bytes
     */
    TargetSendQueue(double bytesPerSecond, int maxCalls, ToLongFunction<PutCall> size, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.maxCalls = maxCalls;
        this.size = size;
        this.filledAt = now;
    }

    private boolean metered() {
        return !Double.isInfinite(bytesPerSecond);
    }

    /** Adds a stream. {@code wake} must make it ask again soon; it is called from any thread. */
    synchronized Slot join(Priority priority, Runnable wake) {
        return new Slot(bands.get(priority.ordinal()), slots++, wake);
    }

    private void fill(long now) {
        double most = bytesPerSecond * BURST_SECONDS;
        tokens = metered() ? Math.min(most, tokens + bytesPerSecond * (now - filledAt) / SECOND) : 1;
        filledAt = now;
    }

    private @Nullable Slot head() {
        Band first = null;
        for (Band each : bands) {
            if (!each.waiting.isEmpty() && (first == null || each.served < first.served)) {
                first = each;
            }
        }
        return first == null ? null : first.waiting.first();
    }

    private void wakeHead() {
        Slot head = head();
        if (head != null && callsOut < maxCalls) {
            head.wake.run();
        }
    }

    /** The streams of one priority; {@code served} is the bytes that they were sent, divided by their weight. */
    private static final class Band {
        private final TreeSet<Slot> waiting = new TreeSet<>(
                Comparator.comparingDouble((Slot slot) -> slot.served).thenComparing(slot -> slot.id));
        private final int weight;
        private double served;
        private double servedShare;

        Band(Priority priority) {
            this.weight = priority.weight();
        }
    }

    /** The share of one stream. */
    final class Slot {
        private final Band band;
        private final long id;
        private final Runnable wake;
        private double served;
        private boolean waits;
        private int mineOut;

        private Slot(Band band, long id, Runnable wake) {
            this.band = band;
            this.id = id;
            this.wake = wake;
        }

        /**
         * True if a call may go out now. If not, the stream is queued: it is woken or asks again at {@link #opensAt},
         * until it has {@link #sent} a call or {@link #withdraw}s.
         */
        boolean admits(long now) {
            synchronized (TargetSendQueue.this) {
                fill(now);
                if (!waits) {
                    line();
                }
                return callsOut < maxCalls && tokens > 0 && head() == this;
            }
        }

        private void line() {
            if (band.waiting.isEmpty()) {
                band.served = Math.max(band.served, servedBand);
            }
            served = Math.max(served, band.servedShare);
            waits = true;
            band.waiting.add(this);
        }

        /**
         * When time alone allows this stream's call; {@link Long#MAX_VALUE} if the stream will be woken or does not
         * wait.
         */
        long opensAt(long now) {
            synchronized (TargetSendQueue.this) {
                boolean byTime = waits && head() == this && callsOut < maxCalls;
                return byTime
                        ? now + 1 + (long) Math.ceil(Math.max(0, -tokens) / bytesPerSecond * SECOND)
                        : Long.MAX_VALUE;
            }
        }

        /** An admitted call went out. */
        void sent(PutCall call) {
            long bytes = metered() ? size.applyAsLong(call) : 1;
            synchronized (TargetSendQueue.this) {
                leave();
                band.servedShare = served;
                servedBand = band.served;
                served += bytes;
                band.served += (double) bytes / band.weight;
                tokens -= bytes;
                callsOut++;
                mineOut++;
                wakeHead();
            }
        }

        /** True if this stream waits for the target's rate rather than for calls in flight. */
        boolean heldByRate() {
            synchronized (TargetSendQueue.this) {
                return waits && metered();
            }
        }

        /** The target's maximum rate in bytes per second; infinite for no limit. */
        double bytesPerSecond() {
            return bytesPerSecond;
        }

        /** A call has returned, or was given up. */
        void back() {
            synchronized (TargetSendQueue.this) {
                callsOut--;
                mineOut--;
                wakeHead();
            }
        }

        /** Gives up all calls in flight and the stream's place in the queue, because its sender is replaced. */
        void reset() {
            synchronized (TargetSendQueue.this) {
                callsOut -= mineOut;
                mineOut = 0;
                leave();
                wakeHead();
            }
        }

        /** The stream has nothing to send now. */
        void withdraw() {
            synchronized (TargetSendQueue.this) {
                if (waits) {
                    leave();
                    wakeHead();
                }
            }
        }

        private void leave() {
            waits = false;
            band.waiting.remove(this);
        }
    }
}
