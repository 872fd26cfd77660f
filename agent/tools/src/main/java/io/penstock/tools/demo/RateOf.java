package io.penstock.tools.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/** The growth of a count over the last seconds. Not thread-safe. */
final class RateOf {
    private static final double SPAN = 3;

    private final Deque<double[]> points = new ArrayDeque<>();

    /** Adds what the count is now; its growth in a second. */
    double next(double seconds, double count) {
        points.addLast(new double[] {seconds, count});
        while (points.size() > 2 && points.peekFirst()[0] < seconds - SPAN) {
            points.removeFirst();
        }
        double[] first = points.peekFirst();
        return seconds > first[0] ? Math.max(0, count - first[1]) / (seconds - first[0]) : 0;
    }
}
