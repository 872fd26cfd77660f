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
 * What the streams of one target share on the way out: bytes per second, and calls that are out at once. Any thread;
 * nothing blocks; each stream waits at most once, so it is bounded by their number.
 *
 * <p>Bytes come from a bucket that fills at the rate; a call goes when it is not empty, and takes what the call has,
 * so that the debt of a large call is paid before the next. While there is not enough for all, whoever wants to send
 * waits, and the one at the head goes next: start-time fair queueing (Goyal, Vin, Cheng 1997), first among the
 * priorities by weight, then among the streams of one. Who comes back after a rest has no claim to what it did not use.
 * Only the head is woken, when it becomes the head or a call comes back.
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
     * Fewer than a target has connections, so that no call waits for one unseen, and questions about streams find one.
     */
    static int calls(int connections) {
        int spare = (connections + SPARE_SHARE - 1) / SPARE_SHARE;
        return Math.max(1, Math.min(MOST_CALLS, connections - spare));
    }

    /**
     * @param bytesPerSecond that may go out; infinite for no limit
     * @param maxCalls that may be out at once
     * @param size the bytes that a call takes
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

    /** One more stream's part. {@code wake} must have it ask again soon; it is called from any thread. */
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

    /** The streams of one priority; {@code served} is what they were sent, divided by their weight. */
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

    /** One stream's part. */
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
         * Whether a call may go out now. When not, the stream waits for its turn and is woken, or asks at {@link
         * #opensAt}, until it has {@link #sent} or {@link #withdraw}s.
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

        /** When time alone lets this stream go; {@link Long#MAX_VALUE} when it will be woken or does not wait. */
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

        /** Whether the target's rate, rather than its calls that are out, is what keeps this stream waiting. */
        boolean heldByRate() {
            synchronized (TargetSendQueue.this) {
                return waits && metered();
            }
        }

        /** What the target may be sent, in bytes per second; infinite for no limit. */
        double bytesPerSecond() {
            return bytesPerSecond;
        }

        /** A call came back, or is given up. */
        void back() {
            synchronized (TargetSendQueue.this) {
                callsOut--;
                mineOut--;
                wakeHead();
            }
        }

        /** Gives up all calls that are out, and the stream's turn: its sender is thrown away. */
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
