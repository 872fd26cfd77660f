package io.penstock.tools.demo.table;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table that the workers of one application count into. It is idempotent: whatever a worker reads again, after
 * another was killed or because the stream holds a record twice, changes no sum. Thread-safe.
 */
public final class CountTable {
    /** Cells of the floor. */
    public static final int ACROSS = 24;

    public static final int DEEP = 10;

    /** The span of a zone's moving average, in seconds. */
    private static final int SPAN = 10;

    private final InstantSource clock;
    private final Numbers numbers = new Numbers();
    private final Delays delays = new Delays();
    private final Map<String, Long> referrers = new HashMap<>();
    private final Map<String, Long> shards = new TreeMap<>();
    private final Map<String, Map<Long, Long>> zones = new TreeMap<>();
    private final double[] heat = new double[ACROSS * DEEP];

    public CountTable(InstantSource clock) {
        this.clock = clock;
    }

    /** How often something was seen. */
    public record Row(String name, long count) {}

    /** The sums. */
    public record Sums(long counted, long duplicates, long repeated, long delay50, long delay99) {}

    /** Counts what a worker read of a shard. */
    public synchronized void take(String shard, List<Event> events) {
        long now = clock.millis();
        int taken = 0;
        for (Event event : events) {
            if (numbers.take(event)) {
                taken++;
                delays.add(now - event.made());
                count(event, now);
            }
        }
        shards.merge(shard, (long) taken, Long::sum);
    }

    private void count(Event event, long now) {
        switch (event.kind()) {
            case VIEW -> referrers.merge(event.group(), 1L, Long::sum);
            case BEACON -> {
                zones.computeIfAbsent(event.group(), zone -> new TreeMap<>()).merge(now / 1000, 1L, Long::sum);
                heat[cell(event.y(), DEEP) * ACROSS + cell(event.x(), ACROSS)]++;
            }
            case LOG -> {
                // Its number is all that is wanted of it.
            }
        }
    }

    private static int cell(double at, int cells) {
        return (int) Math.max(0, Math.min(cells - 1, Math.floor(at * cells)));
    }

    /** The sums of now. */
    public synchronized Sums sums() {
        return new Sums(
                numbers.counted(),
                numbers.duplicates(),
                numbers.repeated(),
                delays.percentile(0.5),
                delays.percentile(0.99));
    }

    /** How many events are not here yet, of those that the producers have an answer for. */
    public synchronized long missing(Map<Kind, Long> sent) {
        return sent.entrySet().stream()
                .mapToLong(each -> numbers.missing(each.getKey(), each.getValue()))
                .sum();
    }

    /** Page views by referrer, the most first. */
    public synchronized List<Row> referrers() {
        return referrers.entrySet().stream()
                .map(each -> new Row(each.getKey(), each.getValue()))
                .sorted(Comparator.comparingLong(Row::count).reversed().thenComparing(Row::name))
                .toList();
    }

    /** Events counted of each shard, by its id. */
    public synchronized List<Row> shards() {
        return shards.entrySet().stream()
                .map(each -> new Row(each.getKey(), each.getValue()))
                .toList();
    }

    /** Beacons of each zone in the last ten seconds, by its name. */
    public synchronized List<Row> zones() {
        long now = clock.millis() / 1000;
        List<Row> rows = new ArrayList<>();
        zones.forEach((zone, seconds) -> {
            seconds.keySet().removeIf(second -> second <= now - SPAN || second > now);
            rows.add(new Row(
                    zone, seconds.values().stream().mapToLong(Long::longValue).sum()));
        });
        return rows;
    }

    /** The heat of each cell of the floor, row by row; it cools with each call. */
    public synchronized double[] heat() {
        double[] now = heat.clone();
        for (int i = 0; i < heat.length; i++) {
            heat[i] *= 0.9;
        }
        return now;
    }
}
