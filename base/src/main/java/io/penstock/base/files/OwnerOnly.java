package io.penstock.base.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Creates files and folders that only the user of this process may read, whatever the umask: they hold events, keys and
 * secrets. A file system without permissions gets ordinary files and folders.
 */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** As {@link FileChannel#open(Path, OpenOption...)}; an existing file keeps its permissions. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes(file, FILE));
    }

    /** As {@link Files#createDirectories}; existing folders keep their permissions. */
    public static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder, attributes(folder, FOLDER));
    }

    /**
     * Removes the rights of all other users from a folder. An earlier version made folders that others could read.
     *
     * @return true if another user had rights
     * @throws IOException if the folder belongs to another user
     */
    public static boolean close(Path folder) throws IOException {
        if (!hasPermissions(folder) || FOLDER.containsAll(Files.getPosixFilePermissions(folder))) {
            return false;
        }
        Files.setPosixFilePermissions(folder, FOLDER);
        return true;
    }

    /** True if every user of the machine may add files to the folder and replace existing ones. */
    public static boolean isOpenToAll(Path folder) throws IOException {
        return hasPermissions(folder)
                && Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return hasPermissions(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean hasPermissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
