package io.penstock.forward.client;

import java.nio.file.Path;
import java.util.Objects;

/** The file that keeps unacknowledged events for the next process. Immutable. */
public final class Spill {
    /** The smallest size limit. */
    public static final long LEAST_BYTES = 1024 * 1024;

    private final Path file;
    private final long maxBytes;

    private Spill(Path file, long maxBytes) {
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "spillBytes is " + maxBytes + ", allowed is " + LEAST_BYTES + " and more");
        }
        this.file = file;
        this.maxBytes = maxBytes;
    }

    /**
     * A file of at most {@code maxBytes}; it is created if missing.
     *
     * @throws IllegalArgumentException if {@code maxBytes} is below {@link #LEAST_BYTES}
     */
    public static Spill to(Path file, long maxBytes) {
        return new Spill(file, maxBytes);
    }

    public Path file() {
        return file;
    }

    public long maxBytes() {
        return maxBytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Spill && ((Spill) other).file.equals(file) && ((Spill) other).maxBytes == maxBytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(file, maxBytes);
    }

    @Override
    public String toString() {
        return file + " up to " + maxBytes + " bytes";
    }
}
