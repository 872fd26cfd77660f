package io.penstock.base.tls;

import io.netty.handler.ssl.SslContext;
import io.penstock.base.fault.Guard;
import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The present certificates of one listener. A thread of its own, because file access may block, reads changed files
 * again within seconds, once they no longer change. If the new files are unfit, that is logged and the former
 * certificates stay. They also stay if the new certificate has expired and the former one has not. Open connections
 * keep their certificates. Any thread may read.
 */
public final class ReloadedCertificates implements Supplier<SslContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedCertificates.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long REPEAT_NANOS = Duration.ofDays(1).toNanos();

    private record Stamp(
            Path file,
            FileTime modified,
            long size,
            @Nullable Object key) {}

    private final String listener;
    private final TlsFiles files;
    private final List<String> protocols;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService thread;
    private volatile SslContext current;
    private CheckedCertificates checked;
    private List<Stamp> stamps;
    private List<Stamp> latest;
    /**
     * Rejected because the certificates have expired by the machine's clock. Kept, because the clock may be corrected
     * later.
     */
    private @Nullable CheckedCertificates ended;

    private String complaint = "";
    private long warnedAt;

    private ReloadedCertificates(String listener, TlsFiles files, List<String> protocols, InstantSource clock)
            throws UnfitFileException {
        this.listener = listener;
        this.files = files;
        this.protocols = protocols;
        this.clock = clock;
        try {
            this.stamps = stamps();
            this.latest = stamps;
            this.checked = CheckedCertificates.read(files);
            this.current = checked.context(protocols);
        } catch (UnfitFileException unfit) {
            throw new UnfitFileException(listener + ": " + unfit.text(), unfit);
        }
        warn();
    }

    /**
     * Reads the files, and reads them again when they change.
     *
     * @param listener its name, for messages
     * @throws UnfitFileException if a file is missing or unfit
     */
    public static ReloadedCertificates open(String listener, TlsFiles files) throws UnfitFileException {
        return read(listener, files, List.of(), InstantSource.system()).watch();
    }

    /**
     * Reads the files once; {@link #watch} starts the reloading.
     *
     * @param protocols of ALPN, the preferred one first; none for no ALPN
     */
    public static ReloadedCertificates read(
            String listener, TlsFiles files, List<String> protocols, InstantSource clock) throws UnfitFileException {
        return new ReloadedCertificates(listener, files, protocols, clock);
    }

    /** Starts to watch the files. Called once, by the thread that closes this object. */
    public ReloadedCertificates watch() {
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, listener + "-certificates");
            daemon.setDaemon(true);
            return daemon;
        });
        thread = watcher;
        new Guard(LOG).every(INTERVAL, watcher, "The look at the certificates of " + listener, this::look);
        return this;
    }

    @Override
    public SslContext get() {
        return current;
    }

    /**
     * Reads the files again if one has changed since they were last read and none has changed since the last call,
     * because certificate and key are replaced one after the other. A fault is logged once.
     */
    void look() {
        try {
            List<Stamp> before = latest;
            latest = stamps();
            CheckedCertificates turnedDown = ended;
            if (latest.equals(stamps) && turnedDown != null && !turnedDown.hasEnded(clock.instant())) {
                take(turnedDown);
                return;
            }
            if (latest.equals(stamps) || !latest.equals(before)) {
                if (System.nanoTime() - warnedAt > REPEAT_NANOS) {
                    warn();
                }
                return;
            }
            stamps = latest;
            take(CheckedCertificates.read(files));
        } catch (UnfitFileException unfit) {
            if (!unfit.text().equals(complaint)) {
                complaint = unfit.text();
                LOG.error("{}: {}; the former certificates stay", listener, complaint);
            }
        }
    }

    private void take(CheckedCertificates next) throws UnfitFileException {
        ended = null;
        if (next.hasEnded(clock.instant()) && !checked.hasEnded(clock.instant())) {
            ended = next;
            throw new UnfitFileException(
                    "the new certificate in " + files.certificate() + " has ended, while the former one is valid");
        }
        current = next.context(protocols);
        checked = next;
        complaint = "";
        LOG.info("{} uses the changed certificates of {}", listener, files.certificate());
        warn();
    }

    private void warn() {
        warnedAt = System.nanoTime();
        checked.warnings(clock.instant()).forEach(warning -> LOG.warn("{}: {}", listener, warning));
    }

    private List<Stamp> stamps() throws UnfitFileException {
        List<Stamp> found = new ArrayList<>();
        for (Path file : files.all()) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                found.add(new Stamp(file, now.lastModifiedTime(), now.size(), now.fileKey()));
            } catch (IOException missing) {
                throw new UnfitFileException("the TLS file " + file + " is missing or unreadable", missing);
            }
        }
        return found;
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}
