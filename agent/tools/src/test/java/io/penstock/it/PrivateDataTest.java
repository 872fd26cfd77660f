package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent with its engine, and which users may read what it keeps. */
class PrivateDataTest {
    @TempDir
    Path folder;

    @Test
    void everyFileAndFolderOfTheDataFolderIsForItsUserAlone() throws Exception {
        Path data = folder.resolve("data");
        ConfigurationResult read =
                ConfigurationLoader.ofProcess().withData(data).parse(AgentProcess.FREE_PORTS);
        try (Agent agent = Agent.start(
                assertInstanceOf(ConfigurationResult.Loaded.class, read).configuration(), "test")) {
            int port = agent.startReport().listeners().stream()
                    .filter(listener -> listener.name().equals("http"))
                    .map(StartReport.Listener::addresses)
                    .findFirst()
                    .orElseThrow()
                    .get(0)
                    .getPort();
            HttpRequest post = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/v1/streams/posted/records"))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertEquals(
                    200,
                    HttpClient.newHttpClient()
                            .send(post, HttpResponse.BodyHandlers.discarding())
                            .statusCode());
            await().until(() -> Files.isDirectory(data.resolve("engine/streams"))
                    && paths(data).size() > 25);
        }
        List<Path> all = paths(data);
        assertTrue(all.stream().anyMatch(path -> path.endsWith("engine/tls/server-key.pem")), all.toString());
        for (Path path : all) {
            String expected = Files.isDirectory(path) ? "rwx------" : "rw-------";
            assertEquals(expected, PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), path.toString());
        }
    }

    private static List<Path> paths(Path data) throws IOException {
        try (Stream<Path> walk = Files.walk(data)) {
            return walk.toList();
        }
    }
}
