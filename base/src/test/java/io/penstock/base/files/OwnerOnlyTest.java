package io.penstock.base.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
    @TempDir
    Path folder;

    @Test
    void whatIsMadeIsForTheOwnerAlone() throws IOException {
        Path inner = folder.resolve("a").resolve("b");
        OwnerOnly.createFolders(inner);
        OwnerOnly.open(inner.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
        assertEquals("rwx------", permissions(folder.resolve("a")));
        assertEquals("rwx------", permissions(inner));
        assertEquals("rw-------", permissions(inner.resolve("file")));
    }

    @Test
    void anOpenFolderIsClosedOnce() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertTrue(OwnerOnly.close(open));
        assertEquals("rwx------", permissions(open));
        assertFalse(OwnerOnly.close(open));
    }

    @Test
    void aFolderInWhichEveryUserMayWriteIsOpenToAll() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        for (String permissions : new String[] {"rwxrwxrwx", "rwx----w-"}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
            assertTrue(OwnerOnly.isOpenToAll(open), permissions);
        }
        for (String permissions : new String[] {"rwx------", "rwxrwxr-x"}) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
            assertFalse(OwnerOnly.isOpenToAll(open), permissions);
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
