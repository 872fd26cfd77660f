package io.penstock.agent.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.NetworkFailure;
import io.penstock.base.settings.Secret;
import io.penstock.base.text.RateLimitedLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sends the metrics to a collector of OpenTelemetry at intervals, on a thread of its own. A collector that does not
 * answer, or refuses them, is logged and counted, and tried again at the next interval; nothing is kept for it.
 */
final class OtlpExport implements AutoCloseable {
    /** Meters that were brought up to date so lately are not brought up to date again. */
    private static final long FRESH = Duration.ofMillis(500).toNanos();

    private final RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(OtlpExport.class));
    private final OtlpMetricsSender sender = new OtlpHttpMetricsSender(new HttpUrlConnectionSender());
    private final String url;
    private final Runnable refresh;
    private final Counter failures;
    private final OtlpMeterRegistry registry;
    private final AtomicLong refreshedAt = new AtomicLong(System.nanoTime() - FRESH);

    /**
     * @param failures counts the sendings that failed
     * @param refresh brings meters up to date that are so only when they are read
     */
    OtlpExport(MetricsSettings.Otlp settings, String version, Counter failures, Runnable refresh) {
        this.url = settings.url();
        this.refresh = refresh;
        this.failures = failures;
        this.registry = OtlpMeterRegistry.builder(config(settings, version))
                .metricsSender(this::send)
                .build();
    }

    private void send(OtlpMetricsSender.Request request) throws Exception {
        try {
            sender.send(request);
        } catch (Exception failed) {
            failures.increment();
            Explanation why = NetworkFailure.of(failed, url, "the JDK's authorities");
            log.warn(
                    "send",
                    "The metrics are not sent: " + why.sentence()
                            + " (remedy: see that a collector takes OTLP over HTTP at"
                            + " metrics.otlp.url; it is tried again)");
            throw failed;
        }
    }

    private static OtlpConfig config(MetricsSettings.Otlp settings, String version) {
        return new OtlpConfig() {
            @Override
            public @Nullable String get(String key) {
                return null;
            }

            @Override
            public String url() {
                return settings.url();
            }

            @Override
            public Duration step() {
                return settings.every();
            }

            @Override
            public Map<String, String> headers() {
                return settings.authorization()
                        .map(Secret::value)
                        .map(value -> Map.of("Authorization", value))
                        .orElseGet(Map::of);
            }

            @Override
            public Map<String, String> resourceAttributes() {
                return Map.of("service.name", "penstock", "service.version", version);
            }
        };
    }

    /** From now on this meter's values are sent, too: they are read when they are sent, and cost nothing before. */
    void mirror(Meter meter) {
        Meter.Id id = meter.getId();
        if (meter instanceof Counter counter) {
            FunctionCounter.builder(id.getName(), counter, each -> fresh(each).count())
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .register(registry);
        } else if (meter instanceof FunctionCounter counter) {
            FunctionCounter.builder(id.getName(), counter, each -> fresh(each).count())
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .register(registry);
        } else if (meter instanceof Timer timer) {
            FunctionTimer.builder(
                            id.getName(),
                            timer,
                            each -> fresh(each).count(),
                            each -> each.totalTime(TimeUnit.NANOSECONDS),
                            TimeUnit.NANOSECONDS)
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .register(registry);
        } else if (meter instanceof Gauge gauge) {
            Gauge.builder(id.getName(), gauge, each -> fresh(each).value())
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .strongReference(true)
                    .register(registry);
        }
    }

    /** The meter, after all were brought up to date. */
    private <M extends Meter> M fresh(M meter) {
        long now = System.nanoTime();
        long last = refreshedAt.get();
        if (now - last >= FRESH && refreshedAt.compareAndSet(last, now)) {
            refresh.run();
        }
        return meter;
    }

    void remove(Meter.Id meter) {
        registry.remove(meter);
    }

    /** Sends once more, and stops. */
    @Override
    public void close() {
        registry.close();
    }
}
