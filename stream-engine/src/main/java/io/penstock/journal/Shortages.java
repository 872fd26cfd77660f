package io.penstock.journal;

import java.io.IOException;
import java.util.List;

/**
 * Distinguishes a full disk and a system at its limits from a failing disk. The JDK has no exception types for them, so
 * the system's English messages are compared.
 */
public final class Shortages {
    /** A call of the operating system. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws IOException;
    }

    private static final List<String> SPACE = List.of("No space left", "quota exceeded");
    private static final List<String> RESOURCES =
            List.of("Too many open files", "Cannot allocate memory", "Resource temporarily unavailable");

    private Shortages() {}

    /**
     * Makes the call.
     *
     * @throws NoSpaceException if the disk or the user's quota is full
     * @throws ShortageException if the system grants no descriptor or memory
     */
    public static <T> T translate(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (NoSpaceException | ShortageException known) {
            throw known;
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (SPACE.stream().anyMatch(message::contains)) {
                throw because(new NoSpaceException(message), e);
            }
            if (RESOURCES.stream().anyMatch(message::contains)) {
                throw because(new ShortageException(message), e);
            }
            throw e;
        }
    }

    private static IOException because(IOException translated, IOException cause) {
        translated.initCause(cause);
        return translated;
    }
}
