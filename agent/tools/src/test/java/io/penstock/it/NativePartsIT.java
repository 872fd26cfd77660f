package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The real process where native code cannot be loaded from the folder for temporary files")
class NativePartsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ZSTD =
            AgentProcess.FREE_PORTS + "routes:\n  - {match: \"http:packed\", stream: packed, compress: zstd}\n";

    /** <code>{"order": 1}</code> in a frame of zstd. */
    private static final String FRAME = "28b52ffd" + "200c" + "610000" + "7b226f72646572223a20317d";

    /** Where no user can make a file, the administrator included. */
    private static final String UNWRITABLE = "/proc";

    @TempDir
    Path folder;

    @Test
    void itIsLoadedFromTheDataFolder() throws Exception {
        try (AgentProcess agent = start(ZSTD, "run", "--data", data())) {
            agent.awaitReady();
            assertTrue(agent.output().contains("Native code is loaded from " + data() + "/native"), agent::output);
            assertFalse(agent.output().contains("WARN"), agent::output);
            assertEquals(200, post(agent));
        }
    }

    @Test
    void withoutAnyFolderARouteWithZstdIsRefusedByCheckAndRunAndTheRestIsServed() throws Exception {
        try (SmallFileSystem disk = SmallFileSystem.tmpfs(folder.resolve("data"), "size=64m,noexec")) {
            String noexec = disk.path() + "/native is mounted noexec";
            for (String command : List.of("run --data " + data(), "check")) {
                String configuration = ZSTD + "data: \"" + data() + "\"\n";
                try (AgentProcess agent = start(configuration, command.split(" "))) {
                    assertEquals(2, agent.awaitExit(LIMIT), agent::output);
                    for (String word : new String[] {"compress: zstd", UNWRITABLE, noexec, "java.io.tmpdir", "gzip"}) {
                        assertTrue(agent.output().contains(word), agent::output);
                    }
                }
            }
            try (AgentProcess agent = start(AgentProcess.FREE_PORTS, "run", "--data", data())) {
                agent.awaitReady();
                assertTrue(agent.output().contains("Native code cannot be loaded: " + UNWRITABLE), agent::output);
                assertEquals(200, post(agent));
                HttpResponse<String> packed = post(agent, "zstd", HexFormat.of().parseHex(FRAME));
                assertEquals(415, packed.statusCode());
                assertTrue(packed.body().contains("native code could not be loaded"), packed::body);
                assertTrue(packed.body().contains("send gzip"), packed::body);
                assertTrue(
                        refusals(agent).contains("reason=\"unsupported\",source=\"http\"} 1"), () -> refusals(agent));
                assertEquals(200, post(agent));
                agent.terminate();
                assertEquals(0, agent.awaitExit(LIMIT), agent::output);
            }
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private AgentProcess start(String configuration, String... command) throws IOException {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), configuration);
        List<String> options = new ArrayList<>(PackagedAgent.JVM_OPTIONS);
        options.add(0, "-Djava.io.tmpdir=" + UNWRITABLE);
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(1, List.of("--config", file.toString()));
        return AgentProcess.of(options, Map.of(), arguments.toArray(String[]::new));
    }

    private static int post(AgentProcess agent) throws IOException, InterruptedException {
        return post(agent, "identity", "{\"order\": 1}".getBytes(StandardCharsets.UTF_8))
                .statusCode();
    }

    private static HttpResponse<String> post(AgentProcess agent, String encoding, byte[] body)
            throws IOException, InterruptedException {
        URI records = agent.http("http").resolve("/v1/streams/packed/records");
        HttpRequest post = HttpRequest.newBuilder(records)
                .header("content-type", "application/json")
                .header("content-encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString());
    }

    private static String refusals(AgentProcess agent) {
        HttpRequest scrape =
                HttpRequest.newBuilder(agent.http("admin").resolve("/metrics")).build();
        return HttpClient.newHttpClient()
                .sendAsync(scrape, HttpResponse.BodyHandlers.ofString())
                .join()
                .body()
                .lines()
                .filter(line -> line.startsWith("penstock_source_refused_total"))
                .collect(Collectors.joining("\n"));
    }
}
