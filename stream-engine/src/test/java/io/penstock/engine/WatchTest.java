package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.linecorp.armeria.common.HttpResponse;
import io.penstock.engine.watch.Readers;
import io.penstock.engine.watch.ShardTraffic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a console is told of an engine")
class WatchTest {
    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=REPORTS/20261130/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0";

    private final ManualClock clock = new ManualClock();
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withClock(clock));
        engine.createStream("s", 1);
        client = new JsonClient(engine);
    }

    @AfterEach
    void close() throws IOException {
        engine.close();
    }

    @Test
    void aPollingReaderIsNamedByItsKeyAndAgentAndItsLagIsTheAgeOfWhatItRead() throws Exception {
        client.call("PutRecord", "{'StreamName':'s','PartitionKey':'k','Data':'YWJj'}");
        client.call("PutRecord", "{'StreamName':'s','PartitionKey':'k','Data':'YWJj'}");
        clock.advance(Duration.ofSeconds(90));
        String iterator = client.call(
                        "GetShardIterator",
                        "{'StreamName':'s','ShardId':'shardId-000000000000','ShardIteratorType':'TRIM_HORIZON'}")
                .json()
                .get("ShardIterator")
                .asText();
        client.send(
                "GetRecords",
                ("{\"ShardIterator\":\"" + iterator + "\",\"Limit\":1}").getBytes(StandardCharsets.UTF_8),
                "application/x-amz-json-1.1",
                "authorization",
                SIGNED,
                "user-agent",
                "reports/1.0");
        clock.advance(Duration.ofSeconds(5));
        Readers.Reader reports = new Readers.Reader(Readers.Kind.POLLING, "REPORTS", "reports/1.0");
        assertEquals(
                Map.of(id(), List.of(new Readers.Seen(0, reports, 1, 4, 90_000, 5_000))),
                engine.view().watch().readers().byStream());
        assertEquals(
                Map.of(0, new ShardTraffic.Totals(2, 8, 1, 4)),
                engine.view().watch().traffic().of(id()).totals());
    }

    @Test
    void theTrafficOfADeletedStreamIsForgotten() {
        client.call("PutRecord", "{'StreamName':'s','PartitionKey':'k','Data':'YWJj'}");
        String id = id();
        client.call("DeleteStream", "{'StreamName':'s'}");
        Awaitility.await().until(() -> engine.view().watch().traffic().find(id).isEmpty());
    }

    @Test
    void pagesAreServedBesideTheApi() throws Exception {
        EngineSettings settings = EngineSettings.ephemeral()
                .withPages((server, guard, view) -> server.route()
                        .get("/streams")
                        .build(guard.apply((ctx, req) ->
                                HttpResponse.of("%d", view.streams().size()))));
        try (StreamEngine other = StreamEngine.start(settings)) {
            URI uri = new JsonClient(other).uri();
            other.createStream("s", 1);
            assertEquals("1", get(uri.resolve("/streams")));
            assertEquals("{\"status\":\"ok\"}", get(uri.resolve("/health")));
            assertEquals(200, new JsonClient(other).call("ListStreams", "{}").status());
        }
    }

    private String id() {
        return engine.view().streams().inAllScopes().get(0).meta().id();
    }

    private static String get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
