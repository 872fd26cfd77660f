package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.Prices;
import java.time.Duration;
import java.util.Optional;

/**
 * A target: {@code kinesis:}, the default one, or an entry under {@code targets:}.
 *
 * @param endpoint where its Kinesis API is
 * @param region the region that requests are signed for
 * @param httpVersion the HTTP that it is spoken to in
 * @param api which call carries the records
 * @param ordering whether the records of a key keep their order
 * @param linger how long a call may wait to fill; 0 to 10 s
 * @param maxRate bytes per second that all its streams together are sent; 0 for no limit
 * @param network how it is reached
 * @param credentials whose calls these are
 * @param autoCreate whether missing streams are made; of the engine inside this process {@code engine:} says it
 * @param prices what its streams cost
 */
public record KinesisSection(
        Endpoint endpoint,
        String region,
        HttpVersion httpVersion,
        PutApi api,
        Ordering ordering,
        Duration linger,
        long maxRate,
        Network network,
        Credentials credentials,
        AutoCreate autoCreate,
        Optional<Prices> prices) {
    private static final long LEAST_RATE = 1 << 10;

    private static final String DEFAULT_REGION = "us-east-1";

    private static final Endpoint DEFAULT_ENDPOINT = new Endpoint.Embedded();

    static KinesisSection read(Section section) {
        Optional<Endpoint> endpoint = section.optionalOrEmpty("endpoint", Endpoint::parse);
        return read(section, section.has("endpoint") ? endpoint : Optional.of(DEFAULT_ENDPOINT));
    }

    /** @param endpoint empty when it is mistyped: what goes with it cannot be judged then */
    private static KinesisSection read(Section section, Optional<Endpoint> endpoint) {
        return new KinesisSection(
                endpoint.orElse(DEFAULT_ENDPOINT),
                region(section, endpoint),
                section.value("http-version", HttpVersion.HTTP_1_1, Values.choice(HttpVersion.values())),
                section.value("api", PutApi.PUT_RECORDS, Values.choice(PutApi.values())),
                section.value("ordering", Ordering.PER_KEY, Values.choice(Ordering.values())),
                section.value("linger", Duration.ofMillis(20), Values.duration(Duration.ZERO, Duration.ofSeconds(10))),
                section.value("max-rate", 0L, KinesisSection::rate),
                NetworkSection.read(section, endpoint),
                CredentialsSection.read(section, endpoint),
                AutoCreateSection.read(section, endpoint),
                PricesSection.read(section));
    }

    private static Parsed<Long> rate(String text) {
        return text.equals("0") ? Parsed.right(0L) : Values.size(LEAST_RATE).apply(text);
    }

    /** One under {@code targets:}: there nobody can guess where it is. */
    static KinesisSection further(Section section) {
        if (!section.has("endpoint")) {
            section.lacks("endpoint", "is missing", Endpoint.CHOICES);
        }
        return read(section, section.optionalOrEmpty("endpoint", Endpoint::parse));
    }

    /**
     * As configured, else what an Amazon URL names, which takes no signature for another, else {@code AWS_REGION}, else
     * us-east-1, which other endpoints take as well as any other; of Amazon itself nobody can guess it.
     */
    private static String region(Section section, Optional<Endpoint> endpoint) {
        Optional<String> written = section.optional("region", KinesisSection::parseRegion);
        Optional<String> named =
                endpoint.flatMap(where -> where instanceof Endpoint.Url url ? url.region() : Optional.empty());
        if (written.isPresent() && named.isPresent() && !written.equals(named)) {
            section.wrong(
                    "region",
                    "is not the region that the endpoint names",
                    "write " + named.get() + ", or leave it out");
        }
        Optional<String> region = written.or(() -> named)
                .or(() -> section.reading.environment.variable("AWS_REGION").filter(set -> !set.isEmpty()));
        if (region.isEmpty() && endpoint.filter(Endpoint.Aws.class::isInstance).isPresent() && !section.has("region")) {
            section.wrong(
                    "endpoint",
                    "\"aws\" needs a region, and neither region nor AWS_REGION is set",
                    "write region: beside it, such as eu-west-1");
        }
        return region.orElse(DEFAULT_REGION);
    }

    private static Parsed<String> parseRegion(String text) {
        return text.matches("[a-z0-9-]{1,63}")
                ? Parsed.right(text)
                : Parsed.wrong("\"" + text + "\" is no region", "write one such as eu-west-1");
    }
}
