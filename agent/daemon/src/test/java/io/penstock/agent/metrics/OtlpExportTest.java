package io.penstock.agent.metrics;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.penstock.base.settings.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a collector of OpenTelemetry is sent, decoded with the messages of the OpenTelemetry project. */
class OtlpExportTest {
    private final List<ExportMetricsServiceRequest> received = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private HttpServer collector;

    @BeforeEach
    void start() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", this::take);
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private void take(HttpExchange call) throws IOException {
        try (call) {
            headers.add(Map.copyOf(call.getRequestHeaders()));
            received.add(ExportMetricsServiceRequest.parseFrom(call.getRequestBody()));
            call.sendResponseHeaders(status, -1);
        }
    }

    private AgentMetrics metrics(String authorization) {
        String url = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
        return AgentMetrics.create(
                new MetricsSettings(Optional.of(new MetricsSettings.Otlp(
                        url,
                        Duration.ofSeconds(1),
                        Optional.of(authorization)
                                .filter(each -> !each.isEmpty())
                                .map(Secret::new)))),
                "1.2");
    }

    private static Map<String, Metric> byName(ExportMetricsServiceRequest request) {
        return request.getResourceMetrics(0).getScopeMetricsList().stream()
                .flatMap(scope -> scope.getMetricsList().stream())
                .collect(Collectors.toMap(Metric::getName, each -> each, (first, next) -> first));
    }

    @Test
    void countersGaugesAndTimersArriveWithTheirNamesLabelsAndTheResource() {
        try (AgentMetrics metrics = metrics("Bearer 6f2c41")) {
            metrics.registry()
                    .counter("penstock.source.events", "source", "mqtt")
                    .increment(42);
            Gauge.builder("penstock.disk.free.bytes", () -> 7).register(metrics.registry());
            Timer.builder("penstock.ack.seconds").register(metrics.registry()).record(Duration.ofMillis(500));
        }
        ExportMetricsServiceRequest last = received.get(received.size() - 1);
        String resource = last.getResourceMetrics(0).getResource().toString();
        assertTrue(resource.contains("\"penstock\"") && resource.contains("\"1.2\""), resource);
        Map<String, Metric> all = byName(last);
        Metric events = all.get("penstock.source.events");
        assertEquals(42, events.getSum().getDataPoints(0).getAsDouble());
        assertTrue(events.getSum().getIsMonotonic());
        assertEquals(
                AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
                events.getSum().getAggregationTemporality());
        assertEquals("source", events.getSum().getDataPoints(0).getAttributes(0).getKey());
        assertEquals(
                7,
                all.get("penstock.disk.free.bytes").getGauge().getDataPoints(0).getAsDouble());
        assertEquals(
                1,
                all.get("penstock.ack.seconds").getHistogram().getDataPoints(0).getCount());
        assertTrue(all.containsKey("jvm.memory.used"), all.keySet()::toString);
        assertEquals(List.of("Bearer 6f2c41"), headers.get(0).get("Authorization"));
        assertEquals(List.of("application/x-protobuf"), headers.get(0).get("Content-type"));
    }

    @Test
    void aMeterThatIsGoneIsNotSentAnyMore() {
        try (AgentMetrics metrics = metrics("")) {
            Gauge gone = Gauge.builder("penstock.gone", () -> 1).register(metrics.registry());
            await().until(() -> !received.isEmpty()
                    && byName(received.get(received.size() - 1)).containsKey("penstock.gone"));
            metrics.registry().remove(gone);
        }
        assertFalse(byName(received.get(received.size() - 1)).containsKey("penstock.gone"));
        assertFalse(headers.get(0).containsKey("Authorization"));
    }

    @Test
    void aCollectorThatIsAwayIsCounted() {
        try (AgentMetrics metrics = metrics("")) {
            collector.stop(0);
            await().until(() -> metrics.registry()
                            .get("penstock.metrics.export.failures")
                            .counter()
                            .count()
                    >= 1);
        }
    }

    @Test
    void aCollectorThatRefusesGetsTheCountsOfThenAtTheNextInterval() {
        status = 503;
        try (AgentMetrics metrics = metrics("")) {
            metrics.registry().counter("penstock.some").increment();
            await().until(() -> metrics.registry()
                            .get("penstock.metrics.export.failures")
                            .counter()
                            .count()
                    >= 1);
            status = 200;
            metrics.registry().counter("penstock.some").increment();
            await().until(() -> {
                Metric some = byName(received.get(received.size() - 1)).get("penstock.some");
                return some != null && some.getSum().getDataPoints(0).getAsDouble() == 2;
            });
        }
    }
}
