package io.penstock.tools.bench;

import io.penstock.tools.bench.wire.EventMark;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what was sent and acknowledged with what comes back. Any thread; 1 bit for each event that was sent. */
final class Account {
    private final String run;
    private final byte[] prefix;
    private final List<Ledger> ledgers;
    private final Side[] sides;
    private final long sent;
    private long found;
    private long duplicated;
    private long unknown;

    /** What came back of one connection. */
    private static final class Side {
        private final BitSet seen = new BitSet();
        private @Nullable String key;
        private boolean keysDiffer;
        private int highest = -1;
        private long late;
    }

    /** @param ledgers by connection; complete */
    Account(String run, List<Ledger> ledgers) {
        this.run = run;
        this.prefix = EventMark.prefix(run);
        this.ledgers = List.copyOf(ledgers);
        this.sides = new Side[ledgers.size()];
        long sum = 0;
        for (int i = 0; i < sides.length; i++) {
            sides[i] = new Side();
            sum += ledgers.get(i).sent();
        }
        this.sent = sum;
    }

    /** Takes the events in one record of the stream; records of one key come in their order. */
    synchronized void record(String partitionKey, byte[] data) {
        EventMark.findAll(data, prefix, mark -> event(partitionKey, mark));
    }

    private void event(String partitionKey, EventMark mark) {
        boolean known = mark.connection() < sides.length
                && mark.sequence() < ledgers.get(mark.connection()).sent();
        if (!known) {
            unknown++;
            return;
        }
        Side side = sides[mark.connection()];
        if (side.key == null) {
            side.key = partitionKey;
        }
        side.keysDiffer |= !partitionKey.equals(side.key);
        if (side.seen.get(mark.sequence())) {
            duplicated++;
            return;
        }
        side.seen.set(mark.sequence());
        found++;
        if (mark.sequence() < side.highest) {
            side.late++;
        } else {
            side.highest = mark.sequence();
        }
    }

    /** Different events so far. */
    synchronized long found() {
        return found;
    }

    /** Whether every event that was sent is found. */
    synchronized boolean complete() {
        return found == sent;
    }

    long sent() {
        return sent;
    }

    /** The account as it stands. */
    synchronized Verification balance(String stream, String notice, String problem) {
        long acknowledged = 0;
        long acknowledgedFound = 0;
        long outOfOrder = 0;
        long orderChecked = 0;
        String example = "";
        for (int i = 0; i < sides.length; i++) {
            Ledger ledger = ledgers.get(i);
            Side side = sides[i];
            for (int sequence = 0; sequence < ledger.sent(); sequence++) {
                if (!ledger.wasAcknowledged(sequence)) {
                    continue;
                }
                acknowledged++;
                if (side.seen.get(sequence)) {
                    acknowledgedFound++;
                } else if (example.isEmpty()) {
                    example = "run " + run + ", connection " + i + ", event " + sequence;
                }
            }
            if (!side.keysDiffer) {
                outOfOrder += side.late;
                orderChecked += side.seen.cardinality();
            }
        }
        long lost = acknowledged - acknowledgedFound;
        return new Verification(
                stream,
                new Verification.Counts(found, lost, sent - found - lost, duplicated, unknown),
                new Verification.Order(outOfOrder, orderChecked),
                example,
                notice,
                problem);
    }
}
