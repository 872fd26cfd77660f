package io.penstock.delivery.sender.read;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The approximate times at which offsets were accepted: one sample per second of read records, thinned out when there
 * are many.
 */
@OwnedBy(ThreadRole.SENDER)
final class Ages {
    private static final int MAX_SAMPLES = 4096;
    private static final long EVERY_MILLIS = 1000;

    private final Deque<Sample> samples = new ArrayDeque<>();
    private long every = EVERY_MILLIS;

    private record Sample(long offset, long timestamp) {}

    void saw(long offset, long timestamp) {
        Sample last = samples.peekLast();
        if (last == null || timestamp - last.timestamp >= every) {
            if (samples.size() >= MAX_SAMPLES) {
                samples.removeLast();
                every *= 2;
            }
            samples.addLast(new Sample(offset, timestamp));
        }
    }

    /**
     * When {@code offset} was accepted, or a little earlier; 0 if unknown. The offset must not fall from call to call.
     */
    long of(long offset) {
        long timestamp = 0;
        while (!samples.isEmpty() && samples.getFirst().offset <= offset) {
            Sample first = samples.removeFirst();
            timestamp = first.timestamp;
            if (samples.isEmpty() || samples.getFirst().offset > offset) {
                samples.addFirst(first);
                break;
            }
        }
        return timestamp;
    }
}
