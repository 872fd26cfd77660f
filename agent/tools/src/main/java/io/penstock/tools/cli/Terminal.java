package io.penstock.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person reads the output. */
final class Terminal {
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    /** Whether standard error is a terminal that can draw over a line. */
    static boolean onStandardError() {
        return System.getenv("TERM") != null && !"dumb".equals(System.getenv("TERM")) && isTerminal(STANDARD_ERROR);
    }

    /** True if a person can be asked. */
    static boolean onStandardInput() {
        return System.console() != null && isTerminal(STANDARD_INPUT);
    }

    private static boolean isTerminal(Path stream) {
        try {
            // The JDK's own answer is about standard input and output together, and of some versions always the same.
            String target = Files.readSymbolicLink(stream).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }
}
