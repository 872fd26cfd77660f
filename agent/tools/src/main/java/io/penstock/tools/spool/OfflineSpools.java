package io.penstock.tools.spool;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.base.time.AgeClock;
import io.penstock.base.time.TimeSource;
import io.penstock.delivery.spool.LogBacklog;
import io.penstock.delivery.spool.SpoolListener;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.StreamSpool;
import io.penstock.delivery.spool.WhenFull;
import io.penstock.delivery.spool.disk.DataFolder;
import io.penstock.delivery.spool.disk.DataFolderException;
import io.penstock.journal.AgeClockFile;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The spools of a data folder without a running agent. Holds the folder's lock, so that no agent can start. Opening a
 * spool recovers it, as an agent's start does. Blocks on the disk.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class OfflineSpools implements AutoCloseable {
    private static final LogSettings UNBOUNDED = new LogSettings(Long.MAX_VALUE, 0);

    private final DataFolder folder;
    private final AgeClock clock;
    private final LogSystem logs;
    private final Path spools;

    private OfflineSpools(DataFolder folder, AgeClock clock) {
        this.folder = folder;
        this.clock = clock;
        this.logs = LogSystem.create(clock);
        this.spools = folder.path().resolve("spool");
    }

    /**
     * @throws IOException if the folder does not exist, or a process uses it; the message names the folder and the
     *     remedy
     */
    public static OfflineSpools open(Path data) throws IOException {
        if (!Files.isDirectory(data)) {
            throw new DataFolderException("data folder " + data + " does not exist: name another one with --data DIR");
        }
        DataFolder folder = DataFolder.take(data);
        try {
            return new OfflineSpools(folder, AgeClockFile.open(folder.path(), TimeSource.system()));
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    /** The streams that have a spool, in order of name. */
    public List<StreamId> streams() throws IOException {
        return streams(spools);
    }

    /**
     * The streams that have a spool in {@code data}, in order of name. Reads only names, so an agent may be running.
     */
    public static List<StreamId> peek(Path data) throws IOException {
        return streams(data.resolve("spool"));
    }

    /** Disk space of {@code stream}'s spool in {@code data}. An agent may be running. */
    public static long diskBytes(Path data, StreamId stream) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(data.resolve("spool").resolve(stream.folder()))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static List<StreamId> streams(Path spools) throws IOException {
        if (!Files.isDirectory(spools)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(spools)) {
            return folders.map(each -> StreamId.ofFolder(String.valueOf(each.getFileName())))
                    .flatMap(Optional::stream)
                    .sorted((a, b) -> a.toString().compareTo(b.toString()))
                    .toList();
        }
    }

    /** Opens one stream's spool. It must be closed before the next one is opened. */
    public OfflineSpool open(StreamId stream) throws IOException {
        Path home = spools.resolve(stream.folder());
        if (!Files.isDirectory(home)) {
            throw new IOException("stream " + stream + " has no spool in " + folder.path());
        }
        StreamSpool spool = new StreamSpool(stream, WhenFull.BLOCK, SpoolListener.NOBODY, Runnable::run);
        DurableLog log = logs.open(home, UNBOUNDED, spool);
        LogBacklog backlog = LogBacklog.open(spool, log, home);
        spool.open(log);
        return new OfflineSpool(spool, log, backlog, clock);
    }

    @Override
    public void close() throws IOException {
        try (folder;
                clock) {
            logs.close();
        }
    }
}
