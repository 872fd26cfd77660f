package io.penstock.tools.bench;

/**
 * Where one connection writes down what happens.
 *
 * @param tally of the connection's loop
 * @param ledger its own; used only when the plan wants accounting
 * @param counters of the run
 * @param errors of the run
 */
record Recorder(Plan plan, Tally tally, Ledger ledger, Counters counters, Errors errors) {
    void sent(int count) {
        counters.addSent(count);
        ledger.sent(count);
    }

    void acknowledged(int first, int count, long since, long now) {
        tally.answered(since, now);
        counters.addAcknowledged(count);
        if (plan.accounting()) {
            ledger.acknowledged(first, count);
        }
    }

    void refused(int count, String reason) {
        counters.addRefused(count);
        errors.add(reason, count);
    }

    void failed(String reason) {
        errors.add(reason, 1);
    }

    void ended(long now) {
        tally.ended(now);
    }
}
