package io.penstock.delivery.sender.read;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Roughly when offsets were accepted: a sample a second of what was read, thinned out when they become many. Owned by
 * the sender's thread.
 */
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

    /** When {@code offset}, which never falls from call to call, was accepted, or a little before; 0 when unknown. */
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
