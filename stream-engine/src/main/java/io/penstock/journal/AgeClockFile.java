package io.penstock.journal;

import io.penstock.base.time.AgeClock;
import io.penstock.base.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the {@link AgeClock} of all logs of a data folder in the folder's file {@value #NAME}. */
public final class AgeClockFile {
    static final String NAME = "clock";
    private static final Logger LOG = LoggerFactory.getLogger(AgeClockFile.class);

    /**
     * Opens the folder's clock, which continues where the last run stopped. Closing it saves its state; close the logs
     * first.
     *
     * @throws IOException naming the file, if it cannot be read or has an unknown version
     */
    public static AgeClock open(Path folder, TimeSource time) throws IOException {
        Path file = folder.resolve(NAME);
        AgeClock.Keeper keeper = text -> AtomicFile.write(folder, NAME, text.getBytes(StandardCharsets.US_ASCII));
        if (Files.notExists(file)) {
            return AgeClock.begin(time, keeper);
        }
        String kept;
        try {
            kept = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IOException("The clock file " + file + " cannot be read: " + e + ". Mend its rights.", e);
        }
        try {
            return AgeClock.goOn(time, keeper, kept).orElseGet(() -> {
                LOG.warn("The clock file {} is damaged. All records count as stored now, and are kept longer.", file);
                return AgeClock.beginAnew(time, keeper);
            });
        } catch (IOException e) {
            throw new IOException(
                    "The clock file " + file + ": " + e.getMessage() + ". Use the program version that wrote it.", e);
        }
    }

    private AgeClockFile() {}
}
