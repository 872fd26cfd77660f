package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.instrumentation.log4j.appender.v2_17.OpenTelemetryAppender;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The OpenTelemetry SDK for Java sends logs to the real process")
class OtlpIT {
    private static final int ROUNDS = 3;
    private static final int BATCH = 50;
    private static final Pattern BODY = Pattern.compile("\"body\":\\{\"stringValue\":\"(event \\d+)\"}");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void whatItsLog4jAppenderSendsIsInTheStream(String compression, @TempDir Path folder) throws Exception {
        try (AgentProcess agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS);
                StreamContents streams = new StreamContents(agent.http("kinesis"));
                OpenTelemetrySdk sdk = sdk(OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(agent.http("http") + "/v1/logs")
                        .setCompression(compression)
                        .build());
                LoggerContext logging = new LoggerContext("otlp")) {
            OpenTelemetryAppender appender = OpenTelemetryAppender.builder()
                    .setName("otlp")
                    .setOpenTelemetry(sdk)
                    .build();
            appender.start();
            logging.start(new DefaultConfiguration());
            LoggerConfig root = logging.getConfiguration().getRootLogger();
            List.copyOf(root.getAppenders().keySet()).forEach(root::removeAppender);
            root.addAppender(appender, Level.INFO, null);
            logging.getLogger("com.acme.Cart").error("lost {}", 42, new IllegalStateException("no cart"));
            assertTrue(sdk.getSdkLoggerProvider()
                    .forceFlush()
                    .join(60, TimeUnit.SECONDS)
                    .isSuccess());

            Awaitility.await().atMost(LIMIT).until(() -> streams.texts("otlp").size() == 1);
            String record = streams.texts("otlp").get(0);
            for (String part : List.of(
                    "{\"@timestamp\":\"",
                    "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"checkout\"}}",
                    "\"scope\":{\"name\":\"com.acme.Cart\"}",
                    "\"severityNumber\":17,\"severityText\":\"ERROR\"",
                    "\"body\":{\"stringValue\":\"lost 42\"}",
                    "{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"java.lang.IllegalStateException\"}}",
                    "{\"key\":\"exception.message\",\"value\":{\"stringValue\":\"no cart\"}}")) {
                assertTrue(record.contains(part), part + " is not in " + record);
            }
        }
    }

    @Test
    void aKilledAgentLosesNothingThatTheExporterReportedAsStored(@TempDir Path folder) throws Exception {
        int port = freePort();
        String configuration = AgentProcess.FREE_PORTS.replace(
                "http:\n  listen: [\"127.0.0.1:0\"]", "http:\n  listen: [\"127.0.0.1:" + port + "\"]");
        Counting exporter = new Counting(OtlpHttpLogRecordExporter.builder()
                .setEndpoint("http://127.0.0.1:" + port + "/v1/logs")
                .build());
        try (OpenTelemetrySdk sdk = sdk(exporter)) {
            Load load = new Load(sdk.getSdkLoggerProvider());
            for (int round = 0; round < ROUNDS; round++) {
                try (AgentProcess agent = AgentProcess.run(folder, configuration)) {
                    int before = exporter.stored.size();
                    load.start();
                    Awaitility.await().atMost(LIMIT).until(() -> exporter.stored.size() > before + 5 * BATCH);
                    agent.kill();
                }
            }
            try (AgentProcess agent = AgentProcess.run(folder, configuration);
                    StreamContents streams = new StreamContents(agent.http("kinesis"))) {
                load.end();
                Set<String> missing = new TreeSet<>(exporter.stored);
                int all = missing.size();
                Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                    for (String record : streams.texts("otlp")) {
                        Matcher body = BODY.matcher(record);
                        assertTrue(body.find(), record);
                        missing.remove(body.group(1));
                    }
                    assertEquals(Set.of(), missing, "lost of " + all);
                });
            }
        }
    }

    private static OpenTelemetrySdk sdk(LogRecordExporter exporter) {
        return OpenTelemetrySdk.builder()
                .setLoggerProvider(SdkLoggerProvider.builder()
                        .setResource(Resource.create(Attributes.builder()
                                .put("service.name", "checkout")
                                .build()))
                        .addLogRecordProcessor(
                                BatchLogRecordProcessor.builder(exporter).build())
                        .build())
                .build();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Remembers the bodies that its exporter reports as stored. */
    private record Counting(LogRecordExporter exporter, Set<String> stored) implements LogRecordExporter {
        Counting(LogRecordExporter exporter) {
            this(exporter, ConcurrentHashMap.newKeySet());
        }

        @Override
        public CompletableResultCode export(Collection<LogRecordData> logs) {
            List<String> bodies = logs.stream()
                    .map(log -> String.valueOf(log.getBodyValue().asString()))
                    .toList();
            CompletableResultCode result = exporter.export(logs);
            result.whenComplete(() -> {
                if (result.isSuccess()) {
                    stored.addAll(bodies);
                }
            });
            return result;
        }

        @Override
        public CompletableResultCode flush() {
            return exporter.flush();
        }

        @Override
        public CompletableResultCode shutdown() {
            return exporter.shutdown();
        }
    }

    /** Logs in batches, each exported before the next begins, until its end. */
    private static final class Load {
        private final SdkLoggerProvider provider;
        private final Thread thread = new Thread(this::log, "load");
        private volatile boolean ends;

        Load(SdkLoggerProvider provider) {
            this.provider = provider;
            thread.setDaemon(true);
        }

        void start() {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
        }

        private void log() {
            Logger logger = provider.get("load");
            for (long event = 0; !ends; event++) {
                logger.logRecordBuilder().setBody("event " + event).emit();
                if (event % BATCH == 0) {
                    provider.forceFlush().join(60, TimeUnit.SECONDS);
                }
            }
        }

        void end() throws InterruptedException {
            ends = true;
            thread.join(LIMIT.toMillis());
            provider.forceFlush().join(60, TimeUnit.SECONDS);
        }
    }
}
