package io.penstock.agent.otlp;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.fakes.FakeSpools;
import io.penstock.agent.http.CorsSettings;
import io.penstock.agent.http.HttpAddress;
import io.penstock.agent.http.HttpSettings;
import io.penstock.agent.http.HttpSource;
import io.penstock.agent.http.body.HttpLimits;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.DeadEntries;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.KeyTemplate;
import io.penstock.agent.route.Route;
import io.penstock.agent.route.RoutePattern;
import io.penstock.agent.route.Router;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Texts;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Parsed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** An HTTP source over fake spools, and a client that speaks OTLP. */
final class OtlpHarness implements AutoCloseable {
    static final String PROTOBUF = "application/x-protobuf";
    static final String JSON = "application/json";
    static final int MAX_RECORD = 2_000;

    final FakeSpools spools = new FakeSpools();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final HttpSource source;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    OtlpHarness() {
        this(true, 1 << 20);
    }

    OtlpHarness(boolean otlp, int maxBody) {
        this(otlp, maxBody, AuthSettings.NONE);
    }

    OtlpHarness(boolean otlp, int maxBody, AuthSettings auth) {
        this(otlp, maxBody, auth, Duration.ofMillis(100));
    }

    /** @param patience for room in the spools */
    OtlpHarness(boolean otlp, int maxBody, AuthSettings auth, Duration patience) {
        HttpSettings section = new HttpSettings(
                List.of(new HttpAddress(Optional.of(HttpAddress.Scheme.HTTP), new ListenAddress("127.0.0.1", 0))),
                AckMode.DURABLE,
                true,
                otlp,
                WebAccess.NONE,
                CorsSettings.NONE,
                false,
                Optional.empty(),
                auth,
                LimitSettings.NONE);
        source = start(
                section,
                new HttpLimits(
                        maxBody,
                        MemoryBudget.of(64 << 20).account(1.0),
                        100,
                        Duration.ofSeconds(20),
                        patience,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20)),
                new Intake(
                        new Router(List.of(
                                route("otlp:shop.*", "shop", "{service}/{$.severityText}", RecordFormat.JSON),
                                route("otlp:bare", "bare", "random", RecordFormat.RAW),
                                Texts.templated("otlp:tenant*", "t-{service}"))),
                        spools,
                        stream -> MAX_RECORD,
                        DeadEntries.NOWHERE,
                        () -> Reading.NOW));
    }

    private HttpSource start(HttpSettings section, HttpLimits limits, Intake intake) {
        try {
            return HttpSource.start(section, limits, ConnectionBudget.unlimited(), intake, metrics);
        } catch (IOException unfit) {
            throw new UncheckedIOException(unfit);
        }
    }

    private static Route route(String pattern, String stream, String key, RecordFormat format) {
        return new Route(
                ((Parsed.Right<RoutePattern>) RoutePattern.parse(pattern)).value(),
                stream,
                "default",
                ((Parsed.Right<KeyTemplate>) KeyTemplate.parse(key, Source.OTLP)).value(),
                format,
                new FieldNames(Optional.of("@timestamp"), Optional.empty(), Optional.empty()));
    }

    static LogRecord.Builder record(String text) {
        return LogRecord.newBuilder()
                .setTimeUnixNano(1)
                .setBody(AnyValue.newBuilder().setStringValue(text));
    }

    static ResourceLogs logs(String service, LogRecord.Builder... records) {
        ScopeLogs.Builder scope = ScopeLogs.newBuilder();
        for (LogRecord.Builder record : records) {
            scope.addLogRecords(record);
        }
        return ResourceLogs.newBuilder()
                .setResource(Resource.newBuilder()
                        .addAttributes(KeyValue.newBuilder()
                                .setKey("service.name")
                                .setValue(AnyValue.newBuilder().setStringValue(service))))
                .addScopeLogs(scope)
                .build();
    }

    static byte[] request(ResourceLogs... logs) {
        return ExportLogsServiceRequest.newBuilder()
                .addAllResourceLogs(List.of(logs))
                .build()
                .toByteArray();
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + source.addresses().get(0).getPort() + path));
    }

    HttpRequest post(String type, byte[] body) {
        return to("/v1/logs")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    HttpRequest packed(String encoding, byte[] body) {
        return to("/v1/logs")
                .header("Content-Type", PROTOBUF)
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Sends, and makes everything durable until the answer is there. */
    HttpResponse<byte[]> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> answer = sendAsync(request);
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> {
            spools.all().forEach(FakeSpool::force);
            return answer.isDone();
        });
        return answer.join();
    }

    HttpResponse<byte[]> send(String json) {
        return send(post(JSON, json.getBytes(StandardCharsets.UTF_8)));
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    double count(String metric, String... tags) {
        return metrics.get(metric).tags(tags).counter().count();
    }

    double refused(String reason) {
        return count("penstock.source.refused", "source", "otlp", "reason", reason);
    }

    @Override
    public void close() {
        // Not waited for: a server lets a connection that is open linger for a second.
        source.stop();
    }
}
