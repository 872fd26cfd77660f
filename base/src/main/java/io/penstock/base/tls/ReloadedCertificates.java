package io.penstock.base.tls;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one listener as they are now. Files that change are read again within seconds, once none of them
 * changes any more, by a thread of its own because files may block. Unfit ones are logged, and the former certificates
 * stay; so do they where the new certificate has ended and the former one has not. Connections keep what they began
 * with. Read by any thread.
 */
public final class ReloadedCertificates implements Supplier<SslContext>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedCertificates.class);
    private static final int INTERVAL_SECONDS = 1;
    private static final long REPEAT_NANOS = Duration.ofDays(1).toNanos();

    private record Stamp(
            Path file,
            FileTime modified,
            long size,
            @Nullable Object key) {}

    private final String listener;
    private final TlsFiles files;
    private final UnaryOperator<SslContextBuilder> more;
    private final InstantSource clock;
    private @Nullable ScheduledExecutorService thread;
    private volatile SslContext current;
    private CheckedCertificates checked;
    private List<Stamp> stamps;
    private List<Stamp> latest;
    /** Turned down because they have ended by this machine's clock, which may be set yet. */
    private @Nullable CheckedCertificates ended;

    private String complaint = "";
    private long warnedAt;

    private ReloadedCertificates(
            String listener, TlsFiles files, UnaryOperator<SslContextBuilder> more, InstantSource clock)
            throws UnfitFileException {
        this.listener = listener;
        this.files = files;
        this.more = more;
        this.clock = clock;
        try {
            this.stamps = stamps();
            this.latest = stamps;
            this.checked = CheckedCertificates.read(files);
            this.current = checked.context(more);
        } catch (UnfitFileException unfit) {
            throw new UnfitFileException(listener + ": " + unfit.text(), unfit);
        }
        warn();
    }

    /**
     * Reads the files, and again when they change.
     *
     * @param listener whose they are, for messages
     * @throws UnfitFileException when one is missing or unfit
     */
    public static ReloadedCertificates open(String listener, TlsFiles files) throws UnfitFileException {
        return read(listener, files, same -> same, InstantSource.system()).watch();
    }

    /**
     * Reads the files, and not again before {@link #watch}.
     *
     * @param more what else the context is to have
     */
    public static ReloadedCertificates read(
            String listener, TlsFiles files, UnaryOperator<SslContextBuilder> more, InstantSource clock)
            throws UnfitFileException {
        return new ReloadedCertificates(listener, files, more, clock);
    }

    /** Begins to look after the files. Once, by the thread that closes this. */
    public ReloadedCertificates watch() {
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, listener + "-certificates");
            daemon.setDaemon(true);
            return daemon;
        });
        thread = watcher;
        Guard guard = new Guard(LOG);
        String what = "The look at the certificates of " + listener;
        // Unguarded, the first exception would end the watch for ever.
        var unused = watcher.scheduleWithFixedDelay(
                () -> guard.run(what, this::look), INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    @Override
    public SslContext get() {
        return current;
    }

    /**
     * Reads the files again if one has changed, once none has changed since the last call: certificate and key are
     * replaced one after the other. What is wrong is logged once.
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
        current = next.context(more);
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
