package io.penstock.tools.demo.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrariesTest {
    /** Of the content "one". */
    private static final Library ONE =
            new Library("kcl", "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", 3, "g/a/1/a-1.jar");

    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private String content = "one";
    private int status = 200;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            byte[] body = content.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Libraries libraries() {
        return new Libraries(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/maven2/"),
                folder.resolve("cache"),
                List.of(folder.resolve("m2")),
                List.of(ONE, new Library("dynamodb", ONE.sha256(), ONE.size(), ONE.path())));
    }

    @Test
    void aFileIsFetchedOnceAndStandsInEachClassPathThatNeedsIt() throws Exception {
        Libraries libraries = libraries();
        assertEquals(3, libraries.missing());
        Map<String, List<Path>> paths = libraries.fetch(come -> {});

        Path file = folder.resolve("cache/g/a/1/a-1.jar");
        assertEquals(Map.of("kcl", List.of(file), "dynamodb", List.of(file)), paths);
        assertEquals("one", Files.readString(file));
        assertEquals(0, libraries.missing());
        libraries().fetch(come -> {});
        assertEquals(List.of("/maven2/g/a/1/a-1.jar"), asked);
    }

    @Test
    void whatTheMachinesOwnRepositoryHasIsNotFetched() throws Exception {
        Path file = folder.resolve("m2/g/a/1/a-1.jar");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "one");

        assertEquals(List.of(file), libraries().fetch(come -> {}).get("kcl"));
        assertEquals(List.of(), asked);
    }

    @Test
    void aFileThatIsAnotherOneIsNotTaken() throws Exception {
        content = "two";

        String message = assertThrows(IOException.class, () -> libraries().fetch(come -> {}))
                .getMessage();
        assertTrue(message.endsWith("a-1.jar is not the file that Penstock was built with"), message);
        assertEquals(3, libraries().missing());
    }

    @Test
    void aRepositoryWithoutTheFileIsNamed() {
        status = 404;

        String message = assertThrows(IOException.class, () -> libraries().fetch(come -> {}))
                .getMessage();
        assertTrue(message.endsWith("a-1.jar is answered with HTTP 404"), message);
    }

    @Test
    void eachFileOfTheListHasItsPlace() {
        assertTrue(
                Libraries.ofCentral(Map.of("XDG_CACHE_HOME", folder.toString())).missing() >= 0);
    }
}
