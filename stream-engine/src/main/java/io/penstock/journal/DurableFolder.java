package io.penstock.journal;

import io.penstock.base.files.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Folders whose names survive a power cut. A forced file is only as durable as each name on its path, and a name is
 * durable once the folder that holds it was forced.
 */
public final class DurableFolder {
    /** Creates the folder and its missing parents, for this user only and durable on return; no error if it exists. */
    public static void create(Path folder) throws IOException {
        Path path = folder.toAbsolutePath();
        Path parent = path.getParent();
        if (parent == null) {
            return;
        }
        if (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
            create(parent);
        }
        boolean there = Files.isDirectory(path);
        Shortages.translate(() -> {
            OwnerOnly.createFolders(path);
            return path;
        });
        // An existing folder may come from a process that was killed before it forced the name.
        if (!there || Files.isReadable(parent)) {
            force(parent);
        }
    }

    /** Makes the names in the folder durable. */
    public static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private DurableFolder() {}
}
