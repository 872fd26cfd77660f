package io.penstock.agent.live;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The last hour of some series, in points of equal length; each point is the mean of what was seen in its time. Memory
 * is bounded: {@code most} owners have {@code names} arrays of {@code points} floats, owners beyond that have no
 * history. Thread-safe.
 */
final class History {
    private final List<String> names;
    private final long stepNanos;
    private final int points;
    private final int most;
    private final Map<String, Owner> owners = new HashMap<>();
    /** The number of the point that is being gathered. */
    private long point = -1;

    private static final class Owner {
        private final float[][] means;
        private final double[] sums;
        private int count;

        Owner(int series, int points) {
            means = new float[series][points];
            for (float[] mean : means) {
                Arrays.fill(mean, Float.NaN);
            }
            sums = new double[series];
        }

        /** What was gathered is older than all points that are kept. */
        void drop() {
            Arrays.fill(sums, 0);
            count = 0;
        }

        void end(int at) {
            for (int i = 0; i < sums.length; i++) {
                means[i][at] = count == 0 ? Float.NaN : (float) (sums[i] / count);
                sums[i] = 0;
            }
            count = 0;
        }
    }

    /**
     * @param names of the series that each owner has
     * @param stepNanos the length of a point
     * @param points how many are kept
     * @param most owners at most
     */
    History(List<String> names, long stepNanos, int points, int most) {
        this.names = List.copyOf(names);
        this.stepNanos = stepNanos;
        this.points = points;
        this.most = most;
    }

    List<String> names() {
        return names;
    }

    long stepMillis() {
        return stepNanos / 1_000_000;
    }

    /** Time has come to {@code nanos}: points that are over are kept; those that saw nothing are gaps. */
    synchronized void advance(long nanos) {
        long now = nanos / stepNanos;
        if (point < 0) {
            point = now;
        }
        if (now - point > points) {
            owners.values().forEach(Owner::drop);
        }
        for (long next = Math.max(point, now - points); next < now; next++) {
            int at = (int) (next % points);
            owners.values().forEach(owner -> owner.end(at));
        }
        point = Math.max(point, now);
    }

    /** Adds to the present point; after {@link #advance}. */
    synchronized void add(String owner, double... values) {
        Owner known = owners.get(owner);
        if (known == null) {
            if (owners.size() == most) {
                return;
            }
            known = new Owner(names.size(), points);
            owners.put(owner, known);
        }
        for (int i = 0; i < values.length; i++) {
            known.sums[i] += values[i];
        }
        known.count++;
    }

    /** True if this owner has a history. */
    synchronized boolean has(String owner) {
        return owners.containsKey(owner);
    }

    /** Oldest first, one array per name, {@link Float#NaN} for a gap; without the point that is being gathered. */
    synchronized float[][] of(String owner) {
        float[][] series = new float[names.size()][points];
        Owner known = owners.get(owner);
        for (int i = 0; i < series.length; i++) {
            if (known == null) {
                Arrays.fill(series[i], Float.NaN);
                continue;
            }
            int first = (int) (Math.max(0, point) % points);
            System.arraycopy(known.means[i], first, series[i], 0, points - first);
            System.arraycopy(known.means[i], 0, series[i], points - first, first);
        }
        return series;
    }
}
