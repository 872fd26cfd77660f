package io.penstock.agent.http;

import io.penstock.agent.auth.AuthSettings;
import io.penstock.agent.auth.LimitSettings;
import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Reload;
import io.penstock.base.settings.Written;
import io.penstock.base.tls.TlsSettings;
import java.util.List;
import java.util.Optional;

/** {@code http:} */
public record HttpSettings(
        @Key(reload = Reload.HOT, usual = "127.0.0.1:9880")
        @Doc("where records are posted; `[]` switches the source off. Before an address may stand `http://` or"
                + " `https://` (TLS); without it HTTP, over TLS if `http.tls` is there")
        List<HttpAddress> listen,

        @Key(reload = Reload.HOT, usual = "durable") @Doc("when a request is answered; as `mqtt.ack`")
        AckMode ack,

        @Key(reload = Reload.HOT, usual = "true")
        @Doc(
                "whether `POST /{tag}` is taken as Fluentd's HTTP input takes it; its events have the routes of `forward:`")
        boolean fluentd,

        @Key(reload = Reload.HOT, usual = "true")
        @Doc("whether `POST /v1/logs` takes the logs of [OpenTelemetry](otlp.md)")
        boolean otlp,

        @Inline(reload = Reload.HOT) WebAccess web,

        @Key(reload = Reload.HOT) @Doc("web pages of other origins")
        CorsSettings cors,

        @Key(reload = Reload.HOT, usual = "false")
        @Doc("whether other machines may post without authentication; with `http.auth` also whether a request without"
                + " credentials is taken, from wherever")
        boolean allowAnonymous,

        @Key(reload = Reload.HOT) @Doc("for the addresses that are encrypted; see [TLS](configuration.md#tls)")
        Optional<TlsSettings> tls,

        @Key(reload = Reload.HOT) @Doc("who may post") AuthSettings auth,

        @Key(reload = Reload.HOT) @Doc("how much each user may post")
        LimitSettings limits)
        implements Completed<HttpSettings> {
    public HttpSettings {
        listen = List.copyOf(listen);
    }

    /** Plain HTTP without authentication or limits; with Fluentd's and OpenTelemetry's paths. */
    public static HttpSettings open(List<ListenAddress> listen, AckMode ack, WebAccess web) {
        return new HttpSettings(
                listen.stream()
                        .map(address -> new HttpAddress(Optional.of(HttpAddress.Scheme.HTTP), address))
                        .toList(),
                ack,
                true,
                true,
                web,
                CorsSettings.NONE,
                false,
                Optional.empty(),
                AuthSettings.NONE,
                LimitSettings.NONE);
    }

    @Override
    public HttpSettings completed(Written http) {
        boolean certificates = tls.flatMap(TlsSettings::clientCa).isPresent();
        HttpAddress.Scheme usual = http.has("tls") ? HttpAddress.Scheme.HTTPS : HttpAddress.Scheme.HTTP;
        List<HttpAddress> addresses =
                listen.stream().map(address -> address.orElse(usual)).toList();
        for (HttpAddress each : addresses) {
            boolean known = auth.isOn() || certificates && each.encrypted();
            ListenRule.check(http, each.address(), allowAnonymous || known, AuthSettings.REMEDY);
            if (each.encrypted() && !http.has("tls")) {
                http.wrong("listen", "\"" + each + "\" wants a certificate", "name one under tls: beside it");
            }
        }
        if (!auth.users().isEmpty() && !auth.isOn() && !certificates) {
            http.section("auth").wrong("users", "nobody's name is checked here", AuthSettings.REMEDY);
        }
        if (addresses.stream()
                        .filter(each -> each.address().port() == 0)
                        .map(HttpAddress::encrypted)
                        .distinct()
                        .count()
                > 1) {
            http.wrong("listen", "http:// and https:// have both port 0", "give one of them a port of its own");
        }
        return new HttpSettings(addresses, ack, fluentd, otlp, web, cors, allowAnonymous, tls, auth, limits);
    }
}
