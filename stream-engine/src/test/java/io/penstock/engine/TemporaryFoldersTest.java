package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines leave that were killed. */
class TemporaryFoldersTest {
    private static final String LOCK = "engine.lock";

    @TempDir
    Path temporary;

    private Path own;

    @BeforeEach
    void make() throws IOException {
        own = folder(TemporaryFolders.prefix() + "1");
    }

    private Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve(name).resolve("streams"))
                .getParent();
        Files.writeString(folder.resolve(LOCK), "");
        Files.writeString(folder.resolve("streams").resolve("records"), "bread");
        return folder;
    }

    /** Of a process that had the same id before: in a container all have. */
    private Path left() throws IOException {
        return folder("penstock-engine-" + ProcessHandle.current().pid() + "-1000-7");
    }

    @Test
    void foldersOfKilledEnginesAreRemovedAndNothingElse() throws IOException {
        Path left = left();
        List<Path> kept = List.of(
                own,
                folder(TemporaryFolders.prefix() + "2"),
                folder("penstock-engine-notes"),
                folder("other-9-1000-7"));
        Path starting = Files.createDirectory(temporary.resolve("penstock-engine-9-1000-8"));
        assertEquals(1, TemporaryFolders.removeLeft(own, LOCK));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(starting), "without a lock yet");
        kept.forEach(folder -> assertTrue(Files.exists(folder.resolve("streams/records")), folder.toString()));
    }

    @Test
    void aFolderWhoseLockAnotherProcessHoldsIsKept() throws Exception {
        Path held = left();
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        held.resolve(LOCK).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertEquals('h', holder.getInputStream().read(), "it holds the lock");
            assertEquals(0, TemporaryFolders.removeLeft(own, LOCK));
            assertTrue(Files.exists(held.resolve("streams/records")));
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertEquals(1, TemporaryFolders.removeLeft(own, LOCK));
        assertFalse(Files.exists(held));
    }

    @Test
    void whatALinkNamesIsKept() throws IOException {
        Path elsewhere = folder("elsewhere");
        Files.createSymbolicLink(temporary.resolve("penstock-engine-9-1000-9"), elsewhere);
        Path left = left();
        Files.createSymbolicLink(left.resolve("streams/link"), elsewhere);
        assertEquals(1, TemporaryFolders.removeLeft(own, LOCK));
        assertTrue(Files.exists(elsewhere.resolve("streams/records")));
    }

    @Test
    void aTemporaryEngineKnowsItsFoldersAndKeepsThemWhileItRuns() throws IOException {
        try (DataFolder first = DataFolder.open(Optional.empty());
                DataFolder second = DataFolder.open(Optional.empty())) {
            second.removeLeft();
            assertTrue(Files.exists(first.path()));
            assertTrue(first.path().getFileName().toString().startsWith(TemporaryFolders.prefix()));
        }
    }

    /** Locks a file until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (var file =
                    java.nio.channels.FileChannel.open(Path.of(args[0]), java.nio.file.StandardOpenOption.WRITE)) {
                var lock = file.lock();
                System.out.print(lock.isValid() ? "h" : "-");
                System.out.flush();
                Thread.sleep(600_000);
            }
        }
    }
}
