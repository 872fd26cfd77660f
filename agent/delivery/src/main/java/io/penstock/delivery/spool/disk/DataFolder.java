package io.penstock.delivery.spool.disk;

import io.penstock.base.files.OwnerOnly;
import io.penstock.base.text.CauseText;
import io.penstock.journal.DurableFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder, which this process locks through the file {@code penstock.lock}; the file names the process. The
 * lock ends with the process in every case; the file stays. The folder is accessible for this user only: it holds
 * events and keys.
 */
public final class DataFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final int LONGEST_PID = 20;

    /** The folders that this program creates in the data folder. */
    private static final Set<String> OWN = Set.of("spool", "engine", "dead-letters", "native");

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Creates the folder if missing, and locks it.
     *
     * @throws DataFolderException if it cannot be created or written, or another process has locked it; the message
     *     names the folder and the remedy
     */
    public static DataFolder take(Path folder) throws DataFolderException {
        Path path = folder.toAbsolutePath().normalize();
        try {
            DurableFolder.create(path);
            FileChannel lock = OwnerOnly.open(
                    path.resolve("penstock.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(lock) == null) {
                String owner = owner(lock);
                lock.close();
                throw new DataFolderException("data folder " + path + " is in use by " + owner
                        + ": stop it, or give this one another folder with --data DIR");
            }
            name(lock);
            closeToOthers(path);
            if (OwnerOnly.isOpenToAll(path)) {
                LOG.warn("Every user may put files into {}, and take away what is there: chmod go-w {}", path, path);
            }
            return new DataFolder(path, lock);
        } catch (DataFolderException inUse) {
            throw inUse;
        } catch (IOException unusable) {
            throw new DataFolderException("data folder " + path + " cannot be written: " + reason(unusable)
                    + "; make it writable for " + user()
                    + ", or give another folder with --data DIR");
        }
    }

    /**
     * Folders of an earlier version were readable for other users. The data folder itself may belong to another user.
     */
    private static void closeToOthers(Path path) {
        List<Path> closed = new ArrayList<>();
        try (DirectoryStream<Path> own = Files.newDirectoryStream(path, Files::isDirectory)) {
            for (Path folder : own) {
                if (OWN.contains(String.valueOf(folder.getFileName())) && OwnerOnly.close(folder)) {
                    closed.add(folder);
                }
            }
        } catch (IOException | DirectoryIteratorException unchanged) {
            LOG.warn(
                    "Other users may read what is in {}, and this user cannot change that ({}): chmod -R go= {}",
                    path,
                    unchanged.getMessage(),
                    path);
        }
        if (!closed.isEmpty()) {
            LOG.info("Other users could read {}; from now on only this one may", closed);
        }
    }

    /** In a container the user often has only a number. */
    private static String user() {
        String name = System.getProperty("user.name", "?");
        return name.equals("?") ? "the user of this process" : "the user " + name;
    }

    private static @Nullable FileLock tryLock(FileChannel lock) throws IOException {
        try {
            return lock.tryLock();
        } catch (OverlappingFileLockException here) {
            return null;
        }
    }

    private static String owner(FileChannel lock) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LONGEST_PID);
        lock.read(content, 0);
        String pid = StandardCharsets.US_ASCII.decode(content.flip()).toString().strip();
        return pid.isEmpty() ? "another process" : "process " + pid;
    }

    private static void name(FileChannel lock) throws IOException {
        lock.truncate(0);
        lock.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
    }

    private static String reason(IOException unusable) {
        if (unusable instanceof AccessDeniedException denied) {
            return "permission denied for " + denied.getFile();
        }
        if (unusable instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason() + " (" + system.getFile() + ")";
        }
        return CauseText.orUnknown(unusable);
    }

    public Path path() {
        return path;
    }

    /** Unlocks the folder. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
