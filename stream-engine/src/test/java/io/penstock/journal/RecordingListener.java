package io.penstock.journal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Records the events of a log. Thread-safe. */
final class RecordingListener implements LogListener {
    final List<Long> durable = Collections.synchronizedList(new ArrayList<>());
    final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    final List<DamagedRange> damage = Collections.synchronizedList(new ArrayList<>());
    volatile int rooms;

    @Override
    public void durable(long durableEnd) {
        durable.add(durableEnd);
    }

    @Override
    public synchronized void room() {
        rooms++;
    }

    @Override
    public void failed(Throwable cause) {
        failures.add(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
        damage.add(range);
    }
}
