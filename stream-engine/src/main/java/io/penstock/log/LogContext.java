package io.penstock.log;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What one log has of its {@link LogSystem}. */
record LogContext(
        Disk disk,
        Executor executor,
        InstantSource clock,
        RandomGenerator random,
        LogTuning tuning,
        MemoryPool pool,
        LargeBudget largeBudget,
        TailCache tailCache,
        IndexCache indexes,
        ReadBuffers readBuffers,
        Consumer<SegmentedLog> onClose) {

    void closed(SegmentedLog log) {
        onClose.accept(log);
    }
}
