package io.penstock.agent.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.penstock.base.settings.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends the metrics to a collector of OpenTelemetry at intervals, on a thread of its own. A collector that does not
 * answer is logged and tried again at the next interval; nothing is kept for it.
 */
final class OtlpExport extends OtlpMeterRegistry {
    private final Runnable refresh;

    /** @param refresh brings meters up to date that are so only when they are read */
    OtlpExport(MetricsSettings.Otlp settings, String version, Runnable refresh) {
        super(config(settings, version), Clock.SYSTEM);
        this.refresh = refresh;
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
            FunctionCounter.builder(id.getName(), counter, Counter::count)
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .register(this);
        } else if (meter instanceof FunctionCounter counter) {
            FunctionCounter.builder(id.getName(), counter, FunctionCounter::count)
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .register(this);
        } else if (meter instanceof Timer timer) {
            FunctionTimer.builder(
                            id.getName(),
                            timer,
                            Timer::count,
                            each -> each.totalTime(TimeUnit.NANOSECONDS),
                            TimeUnit.NANOSECONDS)
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .register(this);
        } else if (meter instanceof Gauge gauge) {
            Gauge.builder(id.getName(), gauge, Gauge::value)
                    .tags(id.getTags())
                    .description(id.getDescription())
                    .strongReference(true)
                    .register(this);
        }
    }

    @Override
    protected void publish() {
        refresh.run();
        super.publish();
    }
}
