package io.penstock.base.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {
    private final AtomicInteger changes = new AtomicInteger();

    @TempDir
    Path folder;

    private Path file;
    private int written;

    @BeforeEach
    void makeFile() {
        file = folder.resolve("tokens");
    }

    private WatchedFile<String> open(String text) throws IOException {
        write(text);
        return WatchedFile.open(
                new WatchedFile.Names("HTTP", "tokens file", "tokens", "make it"),
                file,
                WatchedFileTest::read,
                changes::incrementAndGet);
    }

    private static String read(Path path) throws IOException {
        String text = Files.readString(path);
        if (text.equals("unfit")) {
            throw new IOException("it is unfit");
        }
        return text;
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000L * ++written));
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotReadAndTheFormerContentStays() throws IOException {
        WatchedFile<String> watched = open("web:hash:clicks");
        write("web:hash");
        watched.look();
        assertEquals("web:hash:clicks", watched.get());
        write("web:hash:errors");
        watched.look();
        assertEquals("web:hash:clicks", watched.get());
        watched.look();
        assertEquals("web:hash:errors", watched.get());
        assertEquals(1, changes.get());
    }

    @Test
    void aFileInTheOldOnesPlaceIsReadAlthoughTimeAndSizeAreTheSame() throws IOException {
        WatchedFile<String> watched = open("one");
        Path next = Files.writeString(folder.resolve("next"), "two");
        Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        watched.look();
        watched.look();
        assertEquals("two", watched.get());
    }

    @Test
    void theFormerContentStaysWhileTheChangedOneIsUnfitOrMissing() throws IOException {
        WatchedFile<String> watched = open("one");
        write("unfit");
        watched.look();
        watched.look();
        assertEquals("one", watched.get());
        Files.delete(file);
        watched.look();
        assertEquals("one", watched.get());
        write("two");
        watched.look();
        watched.look();
        assertEquals("two", watched.get());
    }

    @Test
    void anEmptyFileCountsOnceItHasStayedEmptyForSeveralLooks() throws IOException {
        WatchedFile<String> watched = open("one");
        write("");
        for (int look = 0; look < 4; look++) {
            watched.look();
            assertEquals("one", watched.get());
        }
        write("two");
        watched.look();
        watched.look();
        assertEquals("two", watched.get());
        write("");
        for (int look = 0; look < 5; look++) {
            assertEquals("two", watched.get());
            watched.look();
        }
        assertEquals("", watched.get());
    }
}
