package io.penstock.delivery.spool;

import io.penstock.base.fault.Guard;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.journal.DurableFolder;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spools under one folder, with one sub-folder per stream.
 *
 * <p>Any thread. Two background threads open the logs, beginning with those of an earlier run; a third one drops the
 * oldest records of full spools, so that a long recovery does not delay it. A log that cannot be opened affects its own
 * stream only and is tried again every ten seconds.
 */
public final class DiskSpools implements Spools, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpools.class);
    private static final Duration RETRY_OPEN = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    private final Path folder;
    private final SpoolSettings settings;
    private final LogSystem logs;
    private final SpoolListener listener;
    private final Marks marks;
    private final SessionMarks sessions;
    private final Duration retry;
    private final ScheduledThreadPoolExecutor opener = background(2, "penstock-spool-opener");
    private final ScheduledThreadPoolExecutor dropper = background(1, "penstock-spool-dropper");
    private final Map<StreamId, StreamSpool> spools = new ConcurrentHashMap<>();
    private final Guard guard = new Guard(LOG);
    private final Map<StreamId, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(DurableLog log, LogBacklog backlog) {}

    private DiskSpools(
            Path folder,
            SpoolSettings settings,
            LogSystem logs,
            SpoolListener listener,
            Marks marks,
            SessionMarks sessions,
            Duration retry) {
        this.retry = retry;
        this.sessions = sessions;
        this.marks = marks;
        this.folder = folder;
        this.settings = settings;
        this.logs = logs;
        this.listener = listener;
    }

    /** Opens the spools in {@code folder} in the background; the folder is created if missing. */
    public static DiskSpools open(Path folder, SpoolSettings settings, LogSystem logs, SpoolListener listener)
            throws IOException {
        return open(folder, settings, logs, listener, Marks.NONE, SessionMarks.NONE, RETRY_OPEN);
    }

    /**
     * @param marks is told of the marks in each spool
     * @param sessions are told of theirs
     */
    public static DiskSpools open(
            Path folder,
            SpoolSettings settings,
            LogSystem logs,
            SpoolListener listener,
            Marks marks,
            SessionMarks sessions)
            throws IOException {
        return open(folder, settings, logs, listener, marks, sessions, RETRY_OPEN);
    }

    /** @param retry the interval between tries to open a spool */
    static DiskSpools open(
            Path folder,
            SpoolSettings settings,
            LogSystem logs,
            SpoolListener listener,
            Marks marks,
            SessionMarks sessions,
            Duration retry)
            throws IOException {
        DurableFolder.create(folder);
        DiskSpools spools = new DiskSpools(folder, settings, logs, listener, marks, sessions, retry);
        for (StreamId stream : spools.existing()) {
            spools.create(stream);
        }
        return spools;
    }

    private List<StreamId> existing() throws IOException {
        List<StreamId> streams = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.toList()) {
                String name = String.valueOf(each.getFileName());
                StreamId.ofFolder(name)
                        .ifPresentOrElse(
                                streams::add, () -> LOG.warn("{} is no stream's folder and is passed over", each));
            }
        }
        return streams;
    }

    @Override
    public Spool spool(StreamId stream) {
        StreamSpool spool = spools.get(stream);
        return spool != null ? spool : createWithin(stream);
    }

    private synchronized StreamSpool createWithin(StreamId stream) {
        StreamSpool known = spools.get(stream);
        if (known != null) {
            return known;
        }
        if (spools.size() >= settings.maxStreams()) {
            throw new TooManyStreamsException("stream " + stream + " would be one too many: " + settings.maxStreams()
                    + " streams have a spool already; " + settings.moreStreams() + ", or post to an existing stream");
        }
        return create(stream);
    }

    private synchronized StreamSpool create(StreamId stream) {
        StreamSpool spool = new StreamSpool(stream, settings.whenFull(), listener, dropper);
        spools.put(stream, spool);
        if (opener.isShutdown()) {
            spool.close();
        } else {
            opener.execute(() -> openLog(spool));
        }
        return spool;
    }

    private void openLog(StreamSpool spool) {
        Path home = folder.resolve(spool.stream().folder());
        try {
            DurableFolder.create(home);
            DurableLog log = logs.open(home, settings.log(), spool);
            LogBacklog backlog = backlog(spool, log, home);
            opened.put(spool.stream(), new Opened(log, backlog));
            spool.open(log);
            tell(backlog);
        } catch (Throwable failed) {
            log.error(
                    "open " + spool.stream(),
                    "The spool of " + spool.stream() + " in " + home
                            + " cannot be opened; its sources are held back and it" + " is tried again in "
                            + retry.toSeconds() + " s",
                    failed);
            spool.cannotOpen(CauseText.orUnknown(failed));
            guard.after(retry, opener, "Opening the spool of " + spool.stream(), () -> openLog(spool));
        }
    }

    /** Reports an open log. The log stays open even if the listener fails; then the report is repeated. */
    private void tell(LogBacklog backlog) {
        String what = "Handing the spool of " + backlog.stream() + " to its sender";
        if (!guard.run(what, () -> listener.opened(backlog))) {
            guard.after(retry, opener, what, () -> tell(backlog));
        }
    }

    private LogBacklog backlog(StreamSpool spool, DurableLog log, Path home) throws IOException {
        try {
            return LogBacklog.open(spool, log, home, marks, sessions);
        } catch (IOException | RuntimeException | Error failed) {
            log.close();
            throw failed;
        }
    }

    /** The status of each stream's spool. */
    public List<SpoolStatus> status() {
        List<SpoolStatus> all = new ArrayList<>();
        for (StreamSpool spool : spools.values()) {
            Opened open = opened.get(spool.stream());
            all.add(spool.status(open == null ? 0 : open.backlog().settledAbove()));
        }
        return all;
    }

    /**
     * Makes the appended records durable, writes the checkpoints and closes the logs. The senders must have stopped
     * before.
     */
    @Override
    public void close() throws IOException {
        opener.shutdown();
        dropper.shutdown();
        try {
            if (!opener.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("A spool is still being opened; it is recovered at the next start");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        IOException failed = new IOException("spools could not be closed cleanly");
        for (Map.Entry<StreamId, Opened> each : opened.entrySet()) {
            try (DurableLog log = each.getValue().log()) {
                each.getValue().backlog().close();
            } catch (IOException one) {
                failed.addSuppressed(one);
            }
        }
        spools.values().forEach(StreamSpool::close);
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    private static ScheduledThreadPoolExecutor background(int threads, String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        // Start the threads now, because the system may refuse a thread later.
        executor.prestartAllCoreThreads();
        return executor;
    }
}
