package io.penstock.base.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;

/** Replaces a small text file as a whole, so that a reader sees the former lines or the new ones. */
public final class ReplacedFile {
    private ReplacedFile() {}

    /**
     * Writes the lines. A new file is readable for its owner only. An existing file keeps its owner, group and
     * permissions where the file system has them, so that the service that reads it still can.
     */
    public static void write(Path file, List<String> lines) throws IOException {
        Path target = file.toAbsolutePath();
        Path next = Files.createTempFile(target.getParent(), ".penstock", null);
        try {
            Files.write(next, lines);
            if (Files.exists(target)) {
                keepAttributes(target, next);
            }
            Files.move(next, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void keepAttributes(Path from, Path to) throws IOException {
        PosixFileAttributeView next = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        if (next == null) {
            return;
        }
        PosixFileAttributes wanted = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributes have = next.readAttributes();
        if (!wanted.owner().equals(have.owner())) {
            next.setOwner(wanted.owner());
        }
        if (!wanted.group().equals(have.group())) {
            next.setGroup(wanted.group());
        }
        next.setPermissions(wanted.permissions());
    }
}
