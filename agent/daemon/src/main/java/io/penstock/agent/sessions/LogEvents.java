package io.penstock.agent.sessions;

import io.penstock.journal.DamagedRange;
import io.penstock.journal.LogListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes on what happens to the session log. On threads of the log, so it must not block. */
final class LogEvents implements LogListener {
    private final LoopWriters writers;
    private final Consumer<Throwable> onFailure;
    private volatile @Nullable LooseEntries loose;

    LogEvents(LoopWriters writers, Consumer<Throwable> onFailure) {
        this.writers = writers;
        this.onFailure = onFailure;
    }

    /** The log is open, and these wait for it. */
    void with(LooseEntries entries) {
        loose = entries;
    }

    @Override
    public void durable(long durableEnd) {
        writers.durableUpTo(durableEnd);
        wakeLoose();
    }

    @Override
    public void room() {
        writers.retryHeld();
        wakeLoose();
    }

    private void wakeLoose() {
        LooseEntries known = loose;
        if (known != null) {
            known.progressed();
        }
    }

    @Override
    public void failed(Throwable cause) {
        writers.fail();
        onFailure.accept(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
        // The journal has logged it.
    }
}
