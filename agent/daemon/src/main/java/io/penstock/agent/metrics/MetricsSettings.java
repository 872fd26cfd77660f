package io.penstock.agent.metrics;

import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Secret;
import io.penstock.base.settings.Text;
import java.time.Duration;
import java.util.Optional;

/** {@code metrics:} */
public record MetricsSettings(
        @Key @Doc("to a collector of OpenTelemetry, besides `/metrics`; see [OTLP](metrics.md#otlp)")
        Optional<Otlp> otlp) {
    public static final MetricsSettings NONE = new MetricsSettings(Optional.empty());

    /** {@code metrics.otlp:} */
    public record Otlp(
            @Key(
                    required = "write one such as http://127.0.0.1:4318/v1/metrics",
                    example = "http://127.0.0.1:4318/v1/metrics")
            @Text(
                    pattern = "https?://[^\\s/?#]+(/[^\\s?#]*)?",
                    reason = "is no http or https URL",
                    remedy = "write one such as http://127.0.0.1:4318/v1/metrics")
            @Doc("where the collector takes metrics over HTTP")
            String url,

            @Key(usual = "60s") @Range(least = "1s", most = "1h") @Doc("how often they are sent")
            Duration every,

            @Key(example = "Bearer 6f2c41")
            @Text(what = "a value", most = 8192)
            @Doc("the value of the header `Authorization`, better as `\"${VARIABLE}\"`")
            Optional<Secret> authorization) {}
}
