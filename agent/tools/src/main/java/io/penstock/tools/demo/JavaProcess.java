package io.penstock.tools.demo;

import io.penstock.tools.demo.worker.Child;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of the program's own Java, which may be killed, and which ends with this one. Thread-safe. */
final class JavaProcess {
    /** Ctrl-C reaches all processes of a terminal; those that the demonstration started are told by it, in order. */
    private static final List<String> DEAF = List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private final Process process;

    private JavaProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a class of this program.
     *
     * @param heap as {@code -Xmx} has it
     * @param log the file that its output goes to
     */
    static JavaProcess start(Path log, String heap, Class<?> program, List<String> arguments) throws IOException {
        return start(log, heap, archive(), System.getProperty("java.class.path"), program.getName(), arguments);
    }

    /**
     * Starts a class.
     *
     * @param options for the JVM, beside the heap
     */
    static JavaProcess start(
            Path log, String heap, List<String> options, String classPath, String program, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(DEAF);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-XX:+UseSerialGC");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, Child.class.getName(), program));
        command.addAll(arguments);
        return new JavaProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    /** The class archive that the launcher gave this process serves its children as well. */
    private static List<String> archive() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:SharedArchiveFile=")
                        || option.startsWith("-Xlog:cds")
                        || option.startsWith("-Djava.library.path="))
                .toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
        await(10);
    }

    /** SIGTERM; and after half a minute kill -9. */
    void stop() {
        process.destroy();
        if (!await(30)) {
            kill();
        }
    }

    private boolean await(int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
