package io.penstock.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativePartsTest {
    @TempDir
    private Path folder;

    @Test
    void nativeCodeOfAPackageIsFoundInTheLibraryPath() throws IOException {
        Path installed = Files.createDirectories(folder.resolve("a place"));
        Files.createFile(installed.resolve("libnetty_transport_native_epoll_x86_64.so"));

        assertTrue(NativeParts.installed("/usr/lib" + File.pathSeparator + installed));
    }

    @Test
    void aLibraryPathWithoutItLeavesTheChoiceOfAFolder() {
        assertFalse(NativeParts.installed(""));
        assertFalse(NativeParts.installed(folder + File.pathSeparator + folder.resolve("missing")));
    }
}
