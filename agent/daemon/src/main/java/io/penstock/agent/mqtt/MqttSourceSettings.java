package io.penstock.agent.mqtt;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Reload;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import io.penstock.base.tls.TlsSettings;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.MqttTls;
import io.penstock.mqtt.SubscribePolicy;
import io.penstock.mqtt.TopicAcl;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code mqtt:} */
public record MqttSourceSettings(
        @Key(reload = Reload.HOT, usual = "127.0.0.1:1883")
        @Doc("where MQTT clients connect; `[]` switches the source off. Before an address may stand what is spoken"
                + " there: `mqtt://`, `mqtts://` (TLS), `ws://` (WebSocket), `wss://` (both); without it MQTT, over TLS"
                + " if `mqtt.tls` is there")
        List<MqttAddress> listen,

        @Key(reload = Reload.HOT, usual = "durable")
        @Doc("when a publish is acknowledged: once it is written and fdatasync'ed; `memory`: at once, and a power cut"
                + " or kill loses what was acknowledged a moment before; `delivered`: once the stream has it")
        AckMode ack,

        @Key(reload = Reload.HOT, usual = "false")
        @Doc("whether other machines may connect without authentication; with `mqtt.auth.password-file` also whether a"
                + " client without user name and password is let in, from wherever")
        boolean allowAnonymous,

        @Key(reload = Reload.HOT) @Doc("for the addresses that are encrypted; see [TLS](configuration.md#tls)")
        Optional<TlsSettings> tls,

        @Key(value = "websocket", reload = Reload.HOT) @Doc("MQTT over WebSocket")
        WebSocket webSocket,

        @Key(reload = Reload.HOT)
        @Doc("those of the addresses under `mqtt.listen`, without scheme, whose connections begin with a PROXY protocol"
                + " header (version 1 or 2). Only where nothing but the proxy can reach them: a client that can may"
                + " claim any address")
        List<ListenAddress> proxyProtocol,

        @Key(reload = Reload.HOT) @Doc("who may connect") Auth auth,

        @Key(reload = Reload.HOT, example = "{deny: \"#\"}")
        @Doc("who may publish where, [rules](mqtt.md#who-may-publish-where) of which the first that applies decides; if"
                + " none does, publishing is not permitted; without any rule everybody may everywhere")
        List<AclRule> acl,

        @Key(reload = Reload.HOT, usual = "refuse")
        @Doc("what clients that subscribe are told: that they may not, or with `accept` that they may, for"
                + " [devices that cannot go on otherwise](mqtt.md#clients-that-subscribe); nothing is ever delivered")
        SubscribePolicy subscribe,

        @Key @Doc("sessions that outlive their connections") Sessions sessions,

        @Key @Doc("the bounds of the server") MqttLimits limits,

        @Key(reload = Reload.HOT) @Doc("brokers from which messages are taken: see [the bridge](mqtt-bridge.md)")
        List<BridgeSourceSettings> bridges)
        implements Completed<MqttSourceSettings> {
    static final String AUTHENTICATE = "name an auth.password-file, or a tls.client-ca";

    public MqttSourceSettings {
        listen = List.copyOf(listen);
        proxyProtocol = List.copyOf(proxyProtocol);
        acl = List.copyOf(acl);
        bridges = List.copyOf(bridges);
    }

    /** {@code mqtt.websocket:} */
    public record WebSocket(
            @Key(usual = "/mqtt")
            @Text(pattern = "/[A-Za-z0-9/._~-]{0,255}", reason = "is no path", remedy = "write one such as /mqtt")
            @Doc("path of the URL under which MQTT is spoken over WebSocket")
            String path,

            @Inline WebAccess web) {}

    /** {@code mqtt.sessions:} */
    public record Sessions(
            @Key(usual = "true")
            @Doc("whether they survive a restart and a kill of the agent; see [Sessions](mqtt.md#sessions)")
            boolean durable,

            @Key(usual = "512MiB")
            @Bytes
            @Range(least = "16MiB", most = "64GiB")
            @Doc("what they may take on disk; where no more fit, a client whose session is to be kept is refused")
            long maxBytes) {}

    /** {@code mqtt.auth:} */
    public record Auth(
            @Key(example = "/etc/penstock/passwords")
            @Doc("users and their hashed passwords, from [`penstock passwd`](mqtt.md#users-and-passwords) or"
                    + " mosquitto_passwd; read again when it changes")
            Optional<Path> passwordFile,

            @Key(usual = "common")
            @Doc("the common name in a client's certificate is the client's; or `alternative`: its first alternative"
                    + " name that is text")
            MqttTls.Identity certificateName) {}

    /** A rule for each topic filter, in their order. */
    List<TopicAcl.Rule> rules() {
        return acl.stream().flatMap(rule -> rule.rules().stream()).toList();
    }

    @Override
    public MqttSourceSettings completed(Written mqtt) {
        boolean certificates = tls.flatMap(TlsSettings::clientCa).isPresent();
        boolean passwords = auth.passwordFile().isPresent();
        Transport usual = mqtt.has("tls") ? Transport.MQTTS : Transport.MQTT;
        List<MqttAddress> addresses =
                listen.stream().map(address -> address.orElse(usual)).toList();
        for (MqttAddress each : addresses) {
            boolean encrypted = each.transport().encrypted();
            ListenRule.check(
                    mqtt, each.address(), allowAnonymous || passwords || certificates && encrypted, AUTHENTICATE);
            if (encrypted && !mqtt.has("tls")) {
                mqtt.wrong("listen", "\"" + each + "\" wants a certificate", "name one under tls: beside it");
            }
        }
        for (ListenAddress proxy : proxyProtocol) {
            if (addresses.stream().noneMatch(each -> each.address().equals(proxy))) {
                mqtt.wrong(
                        "proxy-protocol",
                        "\"" + proxy + "\" is none of the addresses under listen",
                        "write it as it stands there, without its scheme");
            }
        }
        for (int i = 0; i < acl.size(); i++) {
            acl.get(i).check(mqtt.sections("acl").get(i), passwords || certificates);
        }
        BridgeSourceSettings.checkTogether(mqtt, bridges);
        return new MqttSourceSettings(
                addresses,
                ack,
                allowAnonymous,
                tls,
                webSocket,
                proxyProtocol,
                auth,
                acl,
                subscribe,
                sessions,
                limits,
                bridges);
    }
}
