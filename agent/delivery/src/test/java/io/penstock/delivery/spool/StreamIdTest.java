package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdTest {
    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a", "A.b_c-9", "...", "-"})
    void everyValidNameHasAFolderThatLeadsBackToIt(String name) {
        StreamId stream = new StreamId("default", name);
        assertFalse(stream.folder().equals(".") || stream.folder().equals(".."));
        assertEquals(Optional.of(stream), StreamId.ofFolder(stream.folder()));
    }

    @Test
    void theLongestFolderNameFitsAFileSystem() {
        assertEquals(193, new StreamId("t".repeat(64), "s".repeat(128)).folder().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "ü", "a~b", "a\n"})
    void otherNamesAreRefused(String name) {
        assertFalse(StreamId.isName(name));
        assertThrows(IllegalArgumentException.class, () -> new StreamId("default", name));
        assertThrows(IllegalArgumentException.class, () -> new StreamId(name, "stream"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lost+found", "~a", "a~", "a~b~c", "default"})
    void otherFoldersAreNoStreams(String folder) {
        assertTrue(StreamId.ofFolder(folder).isEmpty());
    }
}
