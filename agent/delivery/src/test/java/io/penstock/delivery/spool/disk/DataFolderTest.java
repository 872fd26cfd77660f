package io.penstock.delivery.spool.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.fixtures.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void theFolderIsMadeWhenMissing() throws IOException {
        Path missing = folder.resolve("a/b");
        try (DataFolder taken = DataFolder.take(missing)) {
            assertEquals(missing, taken.path());
            assertTrue(Files.isDirectory(missing));
        }
    }

    @Test
    void aSecondInstanceIsToldWhoHasIt() throws IOException {
        try (DataFolder first = DataFolder.take(folder)) {
            DataFolderException refused = assertThrows(DataFolderException.class, () -> DataFolder.take(first.path()));
            assertTrue(refused.getMessage().contains(folder.toString()), refused.getMessage());
            assertTrue(
                    refused.getMessage()
                            .contains("process " + ProcessHandle.current().pid()),
                    refused.getMessage());
            assertTrue(refused.getMessage().contains("--data"), refused.getMessage());
        }
    }

    @Test
    void foldersOfAnEarlierVersionAreClosedToOtherUsersAndForeignOnesLeftAlone() throws IOException {
        for (String name : new String[] {"spool", "engine", "photos"}) {
            Files.setPosixFilePermissions(
                    Files.createDirectory(folder.resolve(name)), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        DataFolder.take(folder).close();
        assertEquals("rwx------", permissions("spool"));
        assertEquals("rwx------", permissions("engine"));
        assertEquals("rwxr-xr-x", permissions("photos"));
        assertEquals("rw-------", permissions("penstock.lock"));
    }

    @Test
    void aFolderInWhichEveryUserMayWriteIsWarnedAbout() throws IOException {
        try (CapturedLog log = CapturedLog.of(DataFolder.class)) {
            DataFolder.take(folder).close();
            assertEquals(List.of(), log.lines());
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            DataFolder.take(folder).close();
            assertEquals(1, log.lines().size());
            assertTrue(log.lines().get(0).endsWith(": chmod go-w " + folder), log.lines()::toString);
        }
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    @Test
    void itCanBeTakenAgainAfterwards() throws IOException {
        DataFolder.take(folder).close();
        DataFolder.take(folder).close();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedWithTheRemedy() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        DataFolderException refused =
                assertThrows(DataFolderException.class, () -> DataFolder.take(file.resolve("data")));
        assertTrue(refused.getMessage().contains(file.resolve("data").toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains("make it writable"), refused.getMessage());
    }
}
