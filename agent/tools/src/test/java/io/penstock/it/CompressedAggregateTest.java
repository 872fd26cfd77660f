package io.penstock.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.penstock.agent.Agent;
import io.penstock.agent.StartReport;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** A whole agent whose routes both compress and aggregate, read back as a consumer with the KCL does. */
class CompressedAggregateTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int EVENTS = 200;

    /** Streams by the name of their compression. */
    private static final List<String> COMPRESSED = List.of("gzip", "zlib", "zstd");

    @TempDir
    Path folder;

    @Test
    void eachUserRecordOfAnAggregatedKinesisRecordIsCompressedByItself() throws Exception {
        List<String> sent = IntStream.range(0, EVENTS)
                .mapToObj(i -> "{\"k\":\"one\",\"n\":" + i + ",\"text\":\"" + "ab".repeat(i) + "\"}")
                .toList();
        try (Agent agent = Agent.start(configuration(), "test");
                StreamContents stored = new StreamContents(listener(agent, "kinesis"))) {
            for (String stream : COMPRESSED) {
                post(agent, stream, sent);
            }
            for (String stream : COMPRESSED) {
                await().until(() -> userRecords(stored.of(stream)).size() == EVENTS);
                List<Record> records = stored.of(stream);
                assertTrue(records.size() < EVENTS / 10, () -> stream + ": " + records.size() + " Kinesis records");
                List<String> read = userRecords(records).stream()
                        .map(each -> text(stream, each))
                        .toList();
                assertEquals(sent, read);
            }
        }
    }

    private static List<byte[]> userRecords(List<Record> records) {
        return new AggregatorUtil()
                        .deaggregate(records.stream()
                                .map(KinesisClientRecord::fromRecord)
                                .toList())
                        .stream()
                        .map(each -> {
                            byte[] data = new byte[each.data().remaining()];
                            each.data().duplicate().get(data);
                            return data;
                        })
                        .toList();
    }

    private static String text(String compression, byte[] data) {
        try {
            byte[] read = switch (compression) {
                case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(data)).readAllBytes();
                case "zlib" -> new InflaterInputStream(new ByteArrayInputStream(data)).readAllBytes();
                default -> Zstd.decompress(data, (int) Zstd.getFrameContentSize(data));
            };
            return new String(read, StandardCharsets.UTF_8);
        } catch (IOException notCompressed) {
            throw new AssertionError(notCompressed);
        }
    }

    private Configuration configuration() {
        String yaml = """
                data: %s
                shutdown-timeout: 0ms
                mqtt: {listen: []}
                forward: {listen: []}
                log4j: {listen: []}
                http: {listen: "127.0.0.1:0"}
                admin: {listen: "127.0.0.1:0"}
                engine: {listen: "127.0.0.1:0", default-shards: 2}
                spool: {reserve: 0, max-bytes: 8MiB}
                kinesis: {endpoint: embedded, linger: 100ms}
                routes:
                """.formatted(folder)
                + COMPRESSED.stream().map(each -> """
                                  - match: "http:%1$s"
                                    stream: %1$s
                                    partition-key: "{$.k}"
                                    fields: {time: false, id: false, tag: false}
                                    aggregate: true
                                    compress: %1$s
                                """.formatted(each)).collect(Collectors.joining());
        return assertInstanceOf(
                        ConfigurationResult.Loaded.class,
                        ConfigurationLoader.ofProcess().parse(yaml))
                .configuration();
    }

    private static void post(Agent agent, String stream, List<String> lines) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        listener(agent, "http").resolve("/v1/streams/" + stream + "/records"))
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines.stream().collect(Collectors.joining("\n"))))
                .build();
        assertEquals(
                200, HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
    }

    private static URI listener(Agent agent, String name) {
        List<String> urls = agent.startReport()
                .listener(name)
                .map(StartReport.Listener::urls)
                .orElseThrow();
        return URI.create(urls.get(0));
    }
}
