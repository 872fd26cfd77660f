package io.penstock.delivery.spool.disk;

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
 * Checks every second whether the disk has room for more events, and logs changes. A thread of its own queries the file
 * system, which may block; any thread may read the result.
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
    private record Found(DiskSpace space, Optional<String> shortage) {}

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
    public Optional<String> shortage() {
        return found.shortage();
    }

    void look() {
        try {
            DiskSpace space = reading.now();
            Optional<String> shortage = space.shortage(data)
                    .or(() -> logs.get()
                            .map(said -> "disk: a log gets no more room where " + data + " lies ("
                                    + OneLine.of(said) + "), though " + DiskSpace.describe(space.freeBytes())
                                    + " are free, so new events are not taken. Free disk space, lower"
                                    + " spool.reserve, or raise the quota"));
            Optional<String> before = found.shortage();
            found = new Found(space, shortage);
            if (shortage.isPresent() && before.isEmpty()) {
                LOG.error("{}. Taking goes on by itself once there is room", shortage.get());
            } else if (shortage.isEmpty() && before.isPresent()) {
                LOG.info("The disk has room again, {} free", DiskSpace.describe(space.freeBytes()));
            }
        } catch (Throwable unknown) {
            LOG.debug("The free space of {} cannot be told", data, unknown);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
