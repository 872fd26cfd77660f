package io.penstock.delivery.spool.disk;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.fault.Guard;
import io.penstock.base.text.OneLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every second whether the disk has room for more events; the agent's conditions say so when it has none. A
 * thread of its own queries the file system, which may block; any thread may read the result.
 */
public final class DiskWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Path data;
    private final DiskSpace.Reading reading;
    private final Supplier<Optional<String>> logs;
    private final ScheduledExecutorService thread;
    private volatile Found found = new Found(new DiskSpace(0, 0, 0), Optional.empty());

    /** The space at one moment, and why it is not enough. */
    private record Found(DiskSpace space, Optional<Explanation> why) {}

    private DiskWatch(
            Path data, DiskSpace.Reading reading, Supplier<Optional<String>> logs, ScheduledExecutorService thread) {
        this.data = data;
        this.reading = reading;
        this.logs = logs;
        this.thread = thread;
    }

    /**
     * Checks at once, and then every second until it is closed.
     *
     * @param data a folder on the file system
     * @param logs why one of the logs gets no room, if a log knows: a quota is visible only there
     */
    public static DiskWatch start(Path data, DiskSpace.Reading reading, Supplier<Optional<String>> logs) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "penstock-disk-watch");
            made.setDaemon(true);
            return made;
        });
        DiskWatch watch = new DiskWatch(data, reading, logs, thread);
        watch.look();
        new Guard(LOG).every(EVERY, thread, "The look at the disk", watch::look);
        return watch;
    }

    /** The space at the last check. */
    public DiskSpace space() {
        return found.space();
    }

    /** Why the disk takes no more events, with the remedy; empty while it does. */
    public Optional<Explanation> shortage() {
        return found.why().filter(why -> why.name() == ConditionName.DISK_FULL);
    }

    /** The shortage, or the warning before it; empty while there is plenty. */
    public Optional<Explanation> why() {
        return found.why();
    }

    void look() {
        try {
            DiskSpace space = reading.now();
            found = new Found(
                    space,
                    space.shortage(data)
                            .or(() -> logs.get().map(said -> quota(space, said)))
                            .or(() -> space.low(data)));
        } catch (Throwable unknown) {
            LOG.debug("The free space of {} cannot be told", data, unknown);
        }
    }

    private Explanation quota(DiskSpace space, String said) {
        return new Explanation(
                ConditionName.DISK_FULL,
                "disk: a log gets no more room where " + data + " lies (" + OneLine.of(said) + "), though "
                        + DiskSpace.describe(space.freeBytes()) + " are free, so new events are not taken",
                "free disk space, lower spool.reserve, or raise the quota");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
