package io.penstock.it;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * The books of one run of an agent, from its metrics: what its sources wrote to the spools, and what the spools held at
 * the start, is delivered, dropped, damaged, in the dead letters, or waits. Nothing is in two of these places.
 */
final class Ledger {
    private final Callable<String> metrics;
    private final double atStart;

    /** @param metrics the text of {@code /metrics}; the agent has taken nothing yet */
    Ledger(Callable<String> metrics) throws Exception {
        this.metrics = metrics;
        this.atStart = sum(metrics.call(), "penstock_spool_events");
    }

    /** What the spools held when the run began. */
    double atStart() {
        return atStart;
    }

    /** Once nothing is under way: the numbers of one scrape are read one after the other. */
    void awaitBalanced() {
        String[] last = {""};
        await().alias("the books balance")
                .atMost(Duration.ofSeconds(20))
                .conditionEvaluationListener(condition -> {
                    if (condition.getRemainingTimeInMS() <= 0) {
                        System.err.println(last[0]);
                    }
                })
                .until(() -> {
                    String all = metrics.call();
                    last[0] = describe(all);
                    return in(all) == out(all);
                });
    }

    private double in(String all) {
        return atStart + sum(all, "penstock_source_events_total");
    }

    /** The spools' dropped ones include those that {@code drop-newest} never wrote. */
    private static double out(String all) {
        return sum(all, "penstock_sender_delivered_total")
                + sum(all, "penstock_spool_dropped_total")
                - sum(all, "penstock_source_dropped_total")
                + sum(all, "penstock_spool_damaged_total")
                + sum(all, "penstock_sender_dead_letters_total")
                + sum(all, "penstock_spool_events");
    }

    private String describe(String all) {
        return in(all) + " accepted, " + out(all) + " found again: delivered "
                + sum(all, "penstock_sender_delivered_total") + ", dropped " + sum(all, "penstock_spool_dropped_total")
                + " (before writing " + sum(all, "penstock_source_dropped_total") + "), damaged "
                + sum(all, "penstock_spool_damaged_total") + ", dead " + sum(all, "penstock_sender_dead_letters_total")
                + ", waiting " + sum(all, "penstock_spool_events");
    }

    double value(String name) throws Exception {
        return sum(metrics.call(), name);
    }

    /** Over all labels. */
    private static double sum(String all, String name) {
        return all.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
