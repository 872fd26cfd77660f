package io.penstock.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * All that the log asks of a file system, so that a simulated one can stand in its place and fail at any call.
 *
 * <p>Thread-safe. A call that needs space that is not there throws {@link NoSpaceException}; one that needs a
 * descriptor or memory that the system does not lend throws {@link ShortageException} and has changed nothing; any
 * other failure is an {@link IOException}.
 */
public interface Disk {
    /** Bytes of the largest block in which a disk is written. */
    int BLOCK = 4 << 10;

    /** Makes the folder and its missing parents, all of them durable on return; no error when it exists. */
    void createFolder(Path folder) throws IOException;

    /** The names of the plain files in the folder, in no order. */
    List<String> list(Path folder) throws IOException;

    /** Creates the file, empty; an existing one is emptied. */
    DiskFile create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    DiskFile open(Path file) throws IOException;

    /**
     * Opens an existing file that is written forwards: what stands behind the end of a write, up to the next multiple
     * of {@link #BLOCK}, may become zeroes, the end of the file included.
     */
    DiskFile openForAppending(Path file) throws IOException;

    /** Opens an existing file for reading only, with a descriptor of its own. */
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
     * Takes the file as a lock against a second user of the folder, in this process or another.
     *
     * @throws IOException naming the folder when somebody else has it
     */
    Closeable lock(Path file) throws IOException;
}
