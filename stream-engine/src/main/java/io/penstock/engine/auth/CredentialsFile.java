package io.penstock.engine.auth;

import io.penstock.base.fault.Guard;
import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients' keys from a file, in the form of {@link CredentialEntries}. A thread of its own reads the file again
 * within seconds after it has changed. If the changed file is unfit, that is logged and the former keys stay.
 * Thread-safe.
 */
public final class CredentialsFile implements ClientKeys, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialsFile.class);
    private static final int INTERVAL_SECONDS = 1;

    private final Path file;
    private @Nullable ScheduledExecutorService thread;
    private volatile Map<String, ClientKey> keys;

    // For the thread that looks.
    private Stamp read;
    private Stamp latest;
    private String complaint = "";

    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    private CredentialsFile(Path file) throws UnfitFileException {
        this.file = file;
        this.read = stamp();
        this.latest = read;
        this.keys = CredentialEntries.read(file);
    }

    /** @throws UnfitFileException naming the file, what is wrong and the remedy */
    public static CredentialsFile open(Path file) throws UnfitFileException {
        return unwatched(file).watch();
    }

    /** Does not read the file again by itself. */
    static CredentialsFile unwatched(Path file) throws UnfitFileException {
        return new CredentialsFile(file);
    }

    private CredentialsFile watch() {
        ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread daemon = new Thread(task, "penstock-credentials-file");
            daemon.setDaemon(true);
            return daemon;
        });
        thread = watcher;
        Guard guard = new Guard(LOG);
        // Without the guard, the first exception would end the schedule for ever.
        var unused = watcher.scheduleWithFixedDelay(
                () -> guard.run("The look at the credentials file", this::look),
                INTERVAL_SECONDS,
                INTERVAL_SECONDS,
                TimeUnit.SECONDS);
        return this;
    }

    @Override
    public Optional<ClientKey> find(String accessKeyId) {
        return Optional.ofNullable(keys.get(accessKeyId));
    }

    /** Reads the file again if it has changed, and no longer changes. */
    void look() {
        try {
            Stamp before = latest;
            latest = stamp();
            if (latest.equals(read) || !latest.equals(before)) {
                return;
            }
            read = latest;
            keys = CredentialEntries.read(file);
            complaint = "";
            LOG.info("The changed keys of {} are in use", file);
        } catch (UnfitFileException unfit) {
            if (!unfit.text().equals(complaint)) {
                complaint = unfit.text();
                LOG.error("{}; the former keys stay", complaint);
            }
        }
    }

    private Stamp stamp() throws UnfitFileException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
        } catch (IOException missing) {
            throw CredentialEntries.missing(file, missing);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.shutdownNow();
        }
    }
}
