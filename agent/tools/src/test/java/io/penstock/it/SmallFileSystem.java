package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small file system of its own under a folder, mounted for one test; needs root, and a machine where that may mount.
 */
final class SmallFileSystem implements AutoCloseable {
    private final Path at;

    private SmallFileSystem(Path at) {
        this.at = at;
    }

    static SmallFileSystem tmpfs(Path at, String options) throws IOException, InterruptedException {
        return mount(at, "-t", "tmpfs", "-o", options, "tmpfs");
    }

    /** An ext4 that turns read-only when it meets an error, in the file {@code image}, made when missing. */
    static SmallFileSystem ext4(Path image, Path at, long bytes) throws IOException, InterruptedException {
        if (!Files.exists(image)) {
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(bytes);
            }
            Ran made = run("mkfs.ext4", "-q", "-F", image.toString());
            assumeTrue(made.status == 0, () -> "no ext4 can be made here: " + made.output);
        }
        return mount(at, "-t", "ext4", "-o", "loop,errors=remount-ro", image.toString());
    }

    private static SmallFileSystem mount(Path at, String... how) throws IOException, InterruptedException {
        Files.createDirectories(at);
        Ran mounted = run(Stream.of(Stream.of("mount"), Stream.of(how), Stream.of(at.toString()))
                .flatMap(words -> words)
                .toArray(String[]::new));
        assumeTrue(mounted.status == 0, () -> "nothing can be mounted here: " + mounted.output);
        return new SmallFileSystem(at);
    }

    Path path() {
        return at;
    }

    long free() throws IOException {
        return Files.getFileStore(at).getUsableSpace();
    }

    void remount(String options) throws IOException, InterruptedException {
        Ran remounted = run("mount", "-o", "remount," + options, at.toString());
        assertEquals(0, remounted.status, remounted.output);
    }

    /** Reports an error to the ext4, which turns read-only under whoever has files open there. */
    void breakDown() throws IOException, InterruptedException {
        String device =
                run("findmnt", "-n", "-o", "SOURCE", at.toString()).output.strip();
        Path trigger = Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error");
        assumeTrue(Files.isWritable(trigger), () -> "this kernel has no " + trigger);
        Files.writeString(trigger, "1");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "--lazy", at.toString());
    }

    private record Ran(int status, String output) {}

    private static Ran run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException missing) {
            return new Ran(127, missing.getMessage());
        }
    }
}
