package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.fixtures.Typed;
import io.penstock.tools.tail.TailClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** {@code penstock tail} as it is typed. */
@Isolated("captures the process's standard output")
class TailCommandTest {
    private static StreamEngine engine;
    private static String endpoint;

    @BeforeAll
    static void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        endpoint = "http://127.0.0.1:" + engine.address().getPort();
        try (KinesisAsyncClient client = TailClient.create(Optional.of(URI.create(endpoint)), "us-east-1", Map.of())) {
            client.createStream(r -> r.streamName("orders").shardCount(1)).join();
            for (String data : List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}")) {
                client.putRecord(r -> r.streamName("orders").partitionKey("k").data(SdkBytes.fromUtf8String(data)))
                        .join();
            }
        }
    }

    @AfterAll
    static void stop() throws IOException {
        System.clearProperty(SdkSystemSetting.CBOR_ENABLED.property());
        engine.close();
    }

    @Test
    void prints_what_came_lately_on_a_line_each() {
        Typed result =
                Typed.into(PenstockCommand::execute, "tail", "orders", "--endpoint-url", endpoint, "--no-follow");
        assertEquals(
                List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"),
                result.out().lines().toList());
        assertEquals(0, result.status());
    }

    @Test
    void stops_after_the_records_that_were_asked_for() {
        Typed result = Typed.into(
                PenstockCommand::execute,
                "tail",
                "orders",
                "--endpoint-url",
                endpoint,
                "--from-start",
                "-n",
                "2",
                "--json");
        assertEquals(2, result.out().lines().count());
        assertTrue(result.out().contains("\"partition_key\":\"k\""), result.out());
    }

    /** Nothing is written any more when the reader goes: what there is fits into the pipe. */
    @Test
    void ends_when_the_reader_of_its_pipe_has_gone() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "io.penstock.agent.Main",
                        "tail",
                        "orders",
                        "--endpoint-url",
                        endpoint,
                        "--from-start")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        try {
            // As head does: one read takes what is there, and no write fails because the tail has nothing to write.
            assertEquals('{', process.getInputStream().read());
            process.getInputStream().close();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "still there");
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void a_missing_stream_is_a_failure_with_its_name_when_nobody_follows() {
        Typed result =
                Typed.into(PenstockCommand::execute, "tail", "nothing", "--endpoint-url", endpoint, "--no-follow");
        assertEquals(1, result.status());
        assertTrue(result.err().startsWith("penstock: cannot follow stream nothing: ResourceNotFound"), result.err());
    }

    @Test
    void wrong_usage_is_told_with_the_remedy_and_status_2() {
        for (List<String> wrong : List.of(
                List.of("tail", "a b"),
                List.of("tail", "orders", "--endpoint-url", "localhost:4567"),
                List.of("tail", "orders", "--since", "yesterday"),
                List.of("tail", "orders", "-n", "0"),
                List.of("tail", "orders", "--from-now", "--from-start"),
                List.of("tail"))) {
            Typed result = Typed.into(PenstockCommand::execute, wrong.toArray(String[]::new));
            assertEquals(2, result.status(), wrong + ": " + result.err());
            assertTrue(!result.err().isBlank(), wrong.toString());
        }
    }
}
