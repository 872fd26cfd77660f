package io.penstock.base.auth;

import io.penstock.base.files.UnfitFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file, which {@link #look} reads again after a change. If the changed file cannot be read, that is
 * logged once and the former content stays. Any thread may call {@link #get}; one thread at a time may call {@link
 * #look}, which blocks on the disk.
 */
public final class WatchedFile<T> implements Supplier<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);

    private final Names names;
    private final Path file;
    private final Reader<T> reader;
    private final Runnable changed;
    private Stamp read;
    private String complaint = "";
    private volatile T content;

    /** Of a file, as far as a change shows in it. */
    private record Stamp(FileTime modified, long size) {
        static Stamp of(Path file) throws IOException {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(found.lastModifiedTime(), found.size());
        }
    }

    /**
     * For messages.
     *
     * @param listener the one that uses the file, such as "MQTT"
     * @param file what the file is, such as "password file"
     * @param content what is in it, such as "passwords"
     * @param remedy how to make one
     */
    public record Names(String listener, String file, String content, String remedy) {}

    /** Reads the content, or names the faulty line and the fault. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Path file) throws IOException;
    }

    private WatchedFile(Names names, Path file, Reader<T> reader, Runnable changed) throws IOException {
        this.names = names;
        this.file = file;
        this.reader = reader;
        this.changed = changed;
        this.read = Stamp.of(file);
        this.content = reader.read(file);
    }

    /**
     * Reads the file for the first time.
     *
     * @param changed called after each later reading
     * @throws IOException naming the file, the line and the fault
     */
    public static <T> WatchedFile<T> open(Names names, Path file, Reader<T> reader, Runnable changed)
            throws IOException {
        if (!Files.isReadable(file)) {
            throw new UnfitFileException(
                    "the " + names.file() + " " + file + " is missing or unreadable; " + names.remedy());
        }
        return new WatchedFile<>(names, file, reader, changed);
    }

    @Override
    public T get() {
        return content;
    }

    /** Reads the file again if it has changed. */
    public void look() {
        try {
            Stamp now = Stamp.of(file);
            if (!now.equals(read)) {
                content = reader.read(file);
                // Set only after a successful read, so that an unreadable file is tried again.
                read = now;
                changed.run();
                LOG.info("{} uses the changed {} {}", names.listener(), names.file(), file);
            }
            complaint = "";
        } catch (IOException unfit) {
            if (!unfit.toString().equals(complaint)) {
                complaint = unfit.toString();
                LOG.error("{} keeps the former {}: {}", names.listener(), names.content(), complaint);
            }
        }
    }
}
