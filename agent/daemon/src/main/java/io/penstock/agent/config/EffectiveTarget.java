package io.penstock.agent.config;

import static io.penstock.agent.config.EffectiveConfiguration.SECRET;
import static io.penstock.agent.config.EffectiveConfiguration.list;
import static io.penstock.agent.config.EffectiveConfiguration.quoted;

import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Credentials;
import io.penstock.delivery.kinesis.settings.Network;
import java.math.BigDecimal;
import java.util.TreeMap;

/** Prints a target for {@link EffectiveConfiguration}. */
final class EffectiveTarget {
    private final EffectiveConfiguration to;
    private final String indent;

    private EffectiveTarget(EffectiveConfiguration to, String indent) {
        this.to = to;
        this.indent = indent;
    }

    static void render(KinesisSection target, String indent, EffectiveConfiguration to) {
        new EffectiveTarget(to, indent).all(target);
    }

    private void all(KinesisSection target) {
        line("endpoint: " + quoted(target.endpoint().keyword()));
        line("region: " + quoted(target.region()));
        line("http-version: " + target.httpVersion().keyword());
        line("api: " + target.api().keyword());
        line("ordering: " + target.ordering().keyword());
        line("linger: " + DurationText.format(target.linger()));
        line("max-rate: " + SizeText.format(target.maxRate()));
        network(target.network());
        target.prices().ifPresent(prices -> {
            line("prices:");
            prices.provisioned().ifPresent(price -> {
                line("  " + PricesSection.SHARD_HOUR + ": " + decimal(price.shardHour()));
                line("  " + PricesSection.MILLION_UNITS + ": " + decimal(price.millionUnits()));
            });
            prices.onDemand().ifPresent(price -> {
                line("  " + PricesSection.STREAM_HOUR + ": " + decimal(price.streamHour()));
                line("  " + PricesSection.GIGABYTE + ": " + decimal(price.gigabyte()));
            });
        });
        if (!(target.endpoint() instanceof Endpoint.Embedded)) {
            credentials(target.credentials());
            autoCreate(target.autoCreate());
        }
    }

    private void autoCreate(AutoCreate how) {
        line("auto-create:");
        line("  enabled: " + how.enabled());
        line("  mode: " + (how.onDemand() ? AutoCreateSection.ON_DEMAND : AutoCreateSection.PROVISIONED));
        if (!how.onDemand()) {
            line("  shards: " + how.shards());
        }
        line("  retention: " + DurationText.format(how.retention()));
        line(how.tags().isEmpty() ? "  tags: {}" : "  tags:");
        new TreeMap<>(how.tags()).forEach((name, value) -> line("    " + quoted(name) + ": " + quoted(value)));
    }

    private static String decimal(double price) {
        return new BigDecimal(Double.toString(price)).toPlainString();
    }

    private void network(Network network) {
        line("fips: " + network.fips());
        line("dual-stack: " + network.dualStack());
        line("connections: " + network.connections());
        network.sts().ifPresent(url -> line("sts-endpoint: " + quoted(url.toString())));
        network.authorities().ifPresent(file -> line("tls: {ca: " + quoted(file.toString()) + "}"));
        network.proxy().ifPresent(proxy -> {
            line("proxy:");
            line("  url: " + quoted(proxy.url().toString()));
            proxy.login().ifPresent(login -> {
                line("  user: " + quoted(login.user()));
                line("  password: " + SECRET);
            });
            line("  no-proxy: " + list(proxy.noProxy()));
        });
    }

    private void credentials(Credentials credentials) {
        Credentials own = credentials instanceof Credentials.AssumeRole role ? role.source() : credentials;
        line("credentials:");
        if (own instanceof Credentials.Chain) {
            line("  source: chain");
        } else if (own instanceof Credentials.Container) {
            line("  source: container");
        } else if (own instanceof Credentials.Instance) {
            line("  source: instance");
        } else if (own instanceof Credentials.Profile profile) {
            line("  source: profile");
            line("  profile: " + quoted(profile.name()));
            profile.file().ifPresent(file -> line("  file: " + quoted(file.toString())));
        } else if (own instanceof Credentials.WebIdentity identity) {
            line("  source: web-identity");
            line("  role-arn: " + quoted(identity.roleArn()));
            line("  token-file: " + quoted(identity.tokenFile().toString()));
            line("  session-name: " + quoted(identity.sessionName()));
        } else if (own instanceof Credentials.Fixed fixed) {
            fixed(fixed);
        }
        if (credentials instanceof Credentials.AssumeRole role) {
            assumed(role);
        }
    }

    private void fixed(Credentials.Fixed fixed) {
        if (fixed.equals(Credentials.Fixed.DUMMY)) {
            line("  source: none");
            return;
        }
        line("  source: static");
        line("  access-key-id: " + quoted(fixed.accessKeyId()));
        line("  secret-access-key: " + SECRET);
        fixed.sessionToken().ifPresent(token -> line("  session-token: " + SECRET));
    }

    private void assumed(Credentials.AssumeRole role) {
        line("assume-role:");
        line("  role-arn: " + quoted(role.roleArn()));
        role.externalId().ifPresent(id -> line("  external-id: " + quoted(id)));
        line("  session-name: " + quoted(role.sessionName()));
        line("  duration: " + DurationText.format(role.duration()));
    }

    private void line(String text) {
        to.line(indent + text);
    }
}
