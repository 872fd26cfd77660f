package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A time of day that a test sets, for the real processes that it starts: they see it jump as they would see the
 * machine's. Needs Linux and a C compiler, {@code cc} or {@code tcc}.
 */
final class ShiftedClock {
    private static final List<String> COMPILERS = List.of("cc", "tcc");

    private final Path library;
    private final Path shift;

    private ShiftedClock(Path library, Path shift) {
        this.library = library;
        this.shift = shift;
    }

    /** Made in a folder; begins with the machine's time. */
    static ShiftedClock in(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("clock-shift.c");
        try (InputStream in = ShiftedClock.class.getResourceAsStream("clock-shift.c")) {
            Files.copy(Objects.requireNonNull(in), source);
        }
        Path library = folder.resolve("clock-shift.so");
        assumeTrue(
                COMPILERS.stream().anyMatch(compiler -> compiles(compiler, source, library)),
                "no C compiler here, cc or tcc, to build the clock with");
        ShiftedClock clock = new ShiftedClock(library, folder.resolve("clock-shift"));
        clock.set(Duration.ZERO);
        return clock;
    }

    /** The environment of a process that is to see it. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "CLOCK_SHIFT", shift.toString());
    }

    /** Jumps to so much later than the machine's time, or earlier. */
    void set(Duration laterBy) throws IOException {
        ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        seconds.putLong(laterBy.toSeconds()).flip();
        try (FileChannel file = FileChannel.open(shift, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertEquals(Long.BYTES, file.write(seconds));
        }
    }

    private static boolean compiles(String compiler, Path source, Path library) {
        try {
            Process process = new ProcessBuilder(
                            compiler, "-w", "-fPIC", "-shared", "-o", library.toString(), source.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
