package io.penstock.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** Queues tasks until the test runs them, one by one on its own thread, in an order that the random source decides. */
final class StepExecutor implements Executor {
    private final List<Runnable> tasks = new ArrayList<>();
    private final Random random;

    StepExecutor(Random random) {
        this.random = random;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    boolean runOne() {
        if (tasks.isEmpty()) {
            return false;
        }
        tasks.remove(random.nextInt(tasks.size())).run();
        return true;
    }

    /** Runs until the queue is empty; fails if that never happens. */
    void runAll() {
        for (int i = 0; runOne(); i++) {
            if (i > 10_000) {
                throw new AssertionError("The log's tasks never end.");
            }
        }
    }

    void forget() {
        tasks.clear();
    }
}
