package io.penstock.engine;

import io.penstock.engine.store.LocalStreamStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The folders of engines that keep their streams only as long as they run. A folder's name says of which process it is: a
 * process must not open the lock files of its own engines, because the system releases a lock when its process closes
 * any descriptor of that file. Stateless; blocks on the disk.
 */
final class TemporaryFolders {
    private static final String PREFIX = "penstock-engine-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "\\d+-\\d+-\\d+");

    private TemporaryFolders() {}

    /** A new one of this process. */
    static Path create() throws IOException {
        return Files.createTempDirectory(prefix());
    }

    /** In a container each process has the same id, so the time of its start counts, too. */
    static String prefix() {
        ProcessHandle process = ProcessHandle.current();
        long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return PREFIX + process.pid() + "-" + started + "-";
    }

    /**
     * Removes the folders beside {@code own} whose processes were killed: of the same owner, of another process, with a
     * lock that no process holds.
     *
     * @return their number
     */
    static int removeLeft(Path own, String lock) throws IOException {
        UserPrincipal owner = Files.getOwner(own);
        int removed = 0;
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(own.toAbsolutePath().getParent(), PREFIX + "*")) {
            for (Path folder : all) {
                String name = folder.getFileName().toString();
                boolean other = NAME.matcher(name).matches() && !name.startsWith(prefix());
                if (other
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner)
                        && removeUnlessHeld(folder, lock)) {
                    removed++;
                }
            }
        }
        return removed;
    }

    /** Holds the lock while it deletes, so that a second process which does the same does not disturb. */
    private static boolean removeUnlessHeld(Path folder, String lock) {
        try (FileChannel channel =
                FileChannel.open(folder.resolve(lock), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock() == null) {
                return false;
            }
            LocalStreamStore.deleteTree(folder);
            return true;
        } catch (IOException without) {
            // It has no lock yet, or another process removes it.
            return false;
        }
    }
}
