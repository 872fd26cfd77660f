package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedTest {
    @TempDir
    Path folder;

    private StreamEngine engine;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        engine.createStream("orders", 1);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    private Seed seed(String stream, String lines) throws IOException {
        Path file = folder.resolve("seed.ndjson");
        Files.writeString(file, lines);
        return Seed.parse(stream + "=" + file);
    }

    @Test
    void allLinesArePutInSeveralCalls() throws IOException {
        String lines = IntStream.range(0, 1_200)
                .mapToObj(i -> i % 2 == 0
                        ? "{\"shard\":\"shardId-0\",\"partition_key\":\"k\",\"data\":\"text " + i + "\"}"
                        : "{\"data_base64\":\"AAEC\"}")
                .collect(Collectors.joining("\n"));
        assertEquals(1_200, seed("orders", lines).putTo(engine.address()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":1}", "{", "[]", "{\"data_base64\":\"*\"}"})
    void aLineThatIsNoRecordIsNamed(String line) throws IOException {
        Seed seed = seed("orders", "{\"data\":\"right\"}\n" + line + "\n");
        CommandFailure failure = assertThrows(CommandFailure.class, () -> seed.putTo(engine.address()));
        assertTrue(failure.getMessage().contains("2"), failure.getMessage());
        assertTrue(failure.getMessage().startsWith("--seed orders="), failure.getMessage());
    }

    @Test
    void anEngineOnEveryAddressIsReachedOnTheLoopbackOne() {
        assertEquals("http://127.0.0.1:7", Seed.url(new InetSocketAddress("0.0.0.0", 7)));
        assertEquals("http://127.0.0.1:7", Seed.url(new InetSocketAddress("::", 7)));
        assertEquals("http://[0:0:0:0:0:0:0:1]:7", Seed.url(new InetSocketAddress("::1", 7)));
        assertEquals("http://10.1.2.3:7", Seed.url(new InetSocketAddress("10.1.2.3", 7)));
    }

    @Test
    void aStreamThatIsNotThereIsNamed() throws IOException {
        Seed seed = seed("none", "{\"data\":\"x\"}");
        CommandFailure failure = assertThrows(CommandFailure.class, () -> seed.putTo(engine.address()));
        assertTrue(failure.getMessage().contains("Stream none"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "=file", "orders="})
    void aSeedNeedsAStreamAndAFile(String text) {
        assertThrows(CommandFailure.class, () -> Seed.parse(text));
    }
}
