package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.Written;
import java.util.Optional;

/** The rules that concern several keys of a target. A malformed endpoint causes no further mistakes here. */
final class TargetRules {
    private static final AutoCreate USUAL = new AutoCreate(false, AutoCreate.DEFAULT_SHARDS);

    private final Written target;
    private final TargetSettings settings;
    private final boolean known;
    private final boolean embedded;

    TargetRules(Written target, TargetSettings settings) {
        this.target = target;
        this.settings = settings;
        this.known = target.right("endpoint");
        this.embedded = known && settings.address() instanceof TargetAddress.Embedded;
    }

    TargetSettings completed() {
        amazonOnly("fips", settings.network().fips());
        amazonOnly("dual-stack", settings.network().dualStack());
        beside("which is in this process", "take it out", "sts-endpoint", "tls", "proxy");
        beside("which asks for none", "take it out", "credentials", "assume-role");
        if (embedded && target.has("auto-create")) {
            target.wrong("auto-create", "stands beside endpoint: embedded", "write it under engine:");
        }
        dummy();
        if (known && !target.section("credentials").has("source")) {
            target.is("credentials", settings.address().isAmazons() ? "chain" : "none");
        }
        boolean amazon = settings.address() instanceof TargetAddress.Aws;
        TargetSettings.Bounds bounds = settings.bounds();
        return new TargetSettings(
                settings.address(),
                region(),
                settings.sending(),
                settings.network(),
                embedded
                        ? settings.access()
                        : new TargetSettings.Access(
                                Optional.of(credentials()), settings.access().role()),
                embedded ? Optional.empty() : settings.creation().or(() -> Optional.of(USUAL)),
                settings.prices(),
                new TargetSettings.Bounds(
                        bounds.maxCallBytes(), amazon ? 1 : bounds.shardRate(), bounds.callTimeout()));
    }

    private void amazonOnly(String key, boolean on) {
        if (on && known && !(settings.address() instanceof TargetAddress.Aws)) {
            target.wrong(key, "is for endpoint: aws only", "take it out; a URL says by itself which endpoint it is");
        }
    }

    private void beside(String why, String remedy, String... keys) {
        for (String key : keys) {
            if (embedded && target.has(key)) {
                target.wrong(key, "stands beside endpoint: embedded, " + why, remedy);
            }
        }
    }

    /** The configured credentials; else the default chain for Amazon, and a dummy pair for other endpoints. */
    private Credentials credentials() {
        return settings.access()
                .own()
                .orElseGet(() -> settings.address().isAmazons() ? new Credentials.Chain() : new Credentials.None());
    }

    /**
     * A dummy pair is only for endpoints that do not check credentials: Amazon does, and so does STS, which is Amazon's
     * by default.
     */
    private void dummy() {
        Written section = target.section("credentials");
        boolean broken = section.has("source") && settings.access().own().isEmpty();
        if (!known || broken || !(credentials() instanceof Credentials.None)) {
            return;
        }
        if (settings.address().isAmazons()) {
            section.wrong(
                    "source",
                    "none is a dummy pair, and Amazon's endpoint asks for a real one",
                    "write another source, or leave it out for the default chain");
        } else if (!embedded && target.has("assume-role") && !target.has("sts-endpoint")) {
            target.wrong(
                    "assume-role",
                    "has nobody to assume it: the source of the credentials is none",
                    "write credentials: {source: chain}, or another source, beside it");
        }
    }

    /**
     * The configured region; else that in an Amazon URL, which accepts signatures for no other; else {@code
     * AWS_REGION}; else the default, which is good enough for endpoints other than Amazon's.
     */
    private String region() {
        Optional<String> written =
                target.has("region") && target.right("region") ? Optional.of(settings.region()) : Optional.empty();
        Optional<String> named = settings.address() instanceof TargetAddress.Url url ? url.region() : Optional.empty();
        if (known && written.isPresent() && named.isPresent() && !written.equals(named)) {
            target.wrong(
                    "region",
                    "is not the region that the endpoint names",
                    "write " + named.get() + ", or leave it out");
        }
        Optional<String> region =
                written.or(() -> named).or(() -> target.variable("AWS_REGION").filter(set -> !set.isEmpty()));
        if (known && region.isEmpty() && settings.address() instanceof TargetAddress.Aws && !target.has("region")) {
            target.wrong(
                    "endpoint",
                    "\"aws\" needs a region, and neither region nor AWS_REGION is set",
                    "write region: beside it, such as eu-west-1");
        }
        return region.orElse(settings.region());
    }
}
