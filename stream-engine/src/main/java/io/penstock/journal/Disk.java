package io.penstock.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Every file system operation of the log. A simulated disk can replace the real one and fail at any call.
 *
 * <p>Thread-safe. {@link NoSpaceException} means that space is missing. {@link ShortageException} means that the system
 * grants no descriptor or memory, and that the call has changed nothing. Any other failure is an {@link IOException}.
 */
public interface Disk {
    /** The largest block size of a disk, in bytes. */
    int BLOCK = 4 << 10;

    /** Creates the folder and its missing parents, all durable on return; no error if it exists. */
    void createFolder(Path folder) throws IOException;

    /** The names of the regular files in the folder, in no order. */
    List<String> list(Path folder) throws IOException;

    /** Creates an empty file; an existing one is truncated. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /**
     * Opens an existing file that is written from front to back. The bytes between the end of a write and the next
     * multiple of {@link #BLOCK} may become zeroes, and the file may grow to that multiple.
     */
    DiskFile openForAppending(Path file) throws IOException;

    /** Opens an existing file for reading only, with its own descriptor. */
    DiskFile openForReading(Path file) throws IOException;

    /** Renames within one folder; an existing target is replaced. Durable after {@link #forceFolder}. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes the file; no error when it is missing. Durable after {@link #forceFolder}. */
    void delete(Path file) throws IOException;

    /** Makes the folder's creations, renames and deletions durable. */
    void forceFolder(Path folder) throws IOException;

    /** Bytes that this process may still write to the file system that holds the folder. */
    long usableBytes(Path folder) throws IOException;

    /**
     * Locks the file against a second user of the folder, in this process or another.
     *
     * @throws IOException naming the folder, if it is locked already
     */
    Closeable lock(Path file) throws IOException;
}
