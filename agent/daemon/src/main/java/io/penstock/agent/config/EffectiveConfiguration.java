package io.penstock.agent.config;

import io.penstock.agent.record.Dialect;
import io.penstock.agent.record.FieldNames;
import io.penstock.agent.record.RecordFormat;
import io.penstock.agent.route.Route;
import io.penstock.forward.server.Credentials.HostKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints a configuration as YAML: every key with the value in effect. Secrets are
 * masked; but for them what it prints loads to the same configuration. */
public final class EffectiveConfiguration {
    static final String SECRET = quoted("(secret)");

    private final StringBuilder text = new StringBuilder();

    private EffectiveConfiguration() {}

    public static String render(Configuration configuration) {
        EffectiveConfiguration rendering = new EffectiveConfiguration();
        rendering.all(configuration);
        return rendering.text.toString();
    }

    private void all(Configuration all) {
        line("data: " + quoted(all.data().toString()));
        line("shutdown-timeout: " + DurationText.format(all.shutdownTimeout()));
        line("memory:");
        line("  budget: " + quoted(all.memory().toString()));
        EffectiveMqtt.render(all.mqtt(), this);
        line("forward:");
        source(all.forward().listen(), all.forward().ack(), all.forward().allowAnonymous());
        tls(all.forward().tls());
        login(all.forward().login());
        line("  recognise-resent: " + all.forward().recogniseResent());
        line("http:");
        source(all.http().listen(), all.http().ack(), all.http().allowAnonymous());
        web(all.http().web());
        line("log4j:");
        source(all.log4j().listen(), all.log4j().ack(), all.log4j().allowAnonymous());
        tls(all.log4j().tls());
        line("kinesis-api:");
        source(
                all.kinesisApi().listen(),
                all.kinesisApi().ack(),
                all.kinesisApi().allowAnonymous());
        web(all.kinesisApi().web());
        line(all.routes().isEmpty() ? "routes: []" : "routes:");
        all.routes().forEach(this::route);
        line("kinesis:");
        EffectiveTarget.render(all.kinesis(), "  ", this);
        line(all.targets().isEmpty() ? "targets: {}" : "targets:");
        all.targets().forEach((name, target) -> {
            line("  " + quoted(name) + ":");
            EffectiveTarget.render(target, "    ", this);
        });
        line("spool:");
        line("  max-bytes: " + SizeText.format(all.spool().maxBytes()));
        line("  reserve: " + all.spool().reserveText());
        line("  when-full: " + all.spool().whenFull().keyword());
        engine(all.engine());
        line("admin:");
        line("  listen: " + quoted(all.admin().listen().toString()));
        web(all.admin().web());
        line("  allow-anonymous: " + all.admin().allowAnonymous());
    }

    private void source(List<ListenAddress> listen, AckMode ack, boolean anonymous) {
        line("  listen: " + list(listen.stream().map(ListenAddress::toString).toList()));
        line("  ack: " + ack.keyword());
        line("  allow-anonymous: " + anonymous);
    }

    private void web(WebAccess web) {
        line("  hosts: " + list(web.hosts()));
        line("  origins: " + list(web.origins()));
    }

    private void route(Route route) {
        FieldNames fields = route.fields();
        line("  - match: " + quoted(route.match().toString()));
        line("    stream: " + quoted(route.stream()));
        line("    target: " + quoted(route.target()));
        line("    partition-key: " + quoted(route.key().toString()));
        line("    aggregate: " + route.aggregate());
        line("    compress: " + route.compression().word());
        line("    priority: " + route.priority().name().toLowerCase(Locale.ROOT));
        line("    format: " + (route.format() == RecordFormat.RAW ? "raw" : "json"));
        line("    fields: {time: " + name(fields.time()) + ", id: " + name(fields.id()) + ", tag: " + name(fields.tag())
                + fields.timeFormat()
                        .map(format -> ", time-format: " + quoted(format.toString()))
                        .orElse("")
                + fields.logKey().map(key -> ", log-key: " + quoted(key)).orElse("")
                + (fields.dialect() == Dialect.PENSTOCK
                        ? ""
                        : ", like: " + fields.dialect().word())
                + (fields.chomped() ? ", chomp-record: true" : "") + "}");
    }

    private void engine(EngineSection engine) {
        line("engine:");
        line("  listen: " + quoted(engine.listen().toString()));
        line("  auto-create: " + engine.autoCreate());
        line("  max-streams: " + engine.maxStreams());
        line("  default-shards: " + engine.defaultShards());
        line("  retention: " + DurationText.format(engine.retention()));
        line("  durability: " + engine.durability().keyword());
        line("  enforce-limits: " + engine.enforceLimits());
        engineTls(engine.tls());
        web(engine.web());
        line("  allow-anonymous: " + engine.allowAnonymous());
    }

    /** {@code tls:} below a listener's section. */
    void tls(Optional<TlsSection> section) {
        section.ifPresent(tls -> {
            line("  tls:");
            line("    certificate: " + quoted(tls.certificate().toString()));
            line("    key: " + quoted(tls.key().toString()));
            tls.clientCa().ifPresent(authorities -> line("    client-ca: " + quoted(authorities.toString())));
        });
    }

    private void engineTls(EngineTls tls) {
        line("  tls:");
        if (tls instanceof EngineTls.Files files) {
            line("    certificate: " + quoted(files.certificate().toString()));
            line("    key: " + quoted(files.key().toString()));
        } else if (tls instanceof EngineTls.Generated generated) {
            line("    names: " + list(generated.names()));
        }
    }

    private void login(ForwardLogin login) {
        login.sharedKey().ifPresent(key -> line("  shared-key: " + SECRET));
        line(login.hostKeys().isEmpty() ? "  host-keys: []" : "  host-keys:");
        for (HostKey host : login.hostKeys()) {
            line("    - {network: " + quoted(host.network().toString()) + ", shared-key: " + SECRET + "}");
        }
        line(login.users().isEmpty() ? "  users: []" : "  users:");
        for (ForwardUser user : login.users()) {
            line("    - name: " + quoted(user.name()));
            line("      password: " + SECRET);
            line("      tags: "
                    + list(user.tags().stream()
                            .map(tag -> tag.toString().substring("forward:".length()))
                            .toList()));
            line("      streams: " + list(user.streams()));
        }
    }

    static String list(List<String> elements) {
        return elements.stream().map(EffectiveConfiguration::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String name(Optional<String> name) {
        return name.map(EffectiveConfiguration::quoted).orElse("false");
    }

    /** Double quotes, in which YAML reads what JSON writes; and no reference to a variable that was none. */
    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        String escaped = Substitution.escape(value);
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7E) {
                quoted.append(String.format("\\u%04X", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    void line(String line) {
        text.append(line).append('\n');
    }
}
