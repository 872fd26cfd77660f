package io.penstock.agent.forward;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Reload;
import io.penstock.base.settings.Written;
import io.penstock.base.tls.TlsSettings;
import io.penstock.forward.server.OtherSignals;
import io.penstock.forward.server.UnixSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code forward:} */
public record ForwardSourceSettings(
        @Key(reload = Reload.HOT, usual = "127.0.0.1:24224")
        @Doc("where Fluentd, Fluent Bit and the appenders connect: HOST:PORT, or a [Unix domain"
                + " socket](forward.md#unix-domain-sockets) such as `unix:/run/penstock/forward.sock`; `[]` switches the"
                + " source off")
        List<ForwardAddress> listen,

        @Inline(reload = Reload.HOT) SocketSettings socket,

        @Key(reload = Reload.HOT, usual = "durable") @Doc("when a chunk is acknowledged; as `mqtt.ack`")
        AckMode ack,

        @Key(reload = Reload.HOT, usual = "false") @Doc("whether other machines may connect without authentication")
        boolean allowAnonymous,

        @Key(usual = "0")
        @Range(most = "1000000")
        @Doc("how many of the chunks taken last are recognised when they are [sent again](forward.md#duplicates), up to"
                + " 1,000,000; 0: none")
        int recogniseResent,

        @Key(usual = "refuse")
        @Doc("what becomes of metrics and traces, which Fluent Bit sends over this protocol too: `refuse` the chunk, or"
                + " `drop`: acknowledged, [counted](forward.md#metrics-and-traces) and thrown away")
        OtherSignals otherSignals,

        @Key(reload = Reload.HOT) @Doc("every connection is encrypted; see [TLS](configuration.md#tls)")
        Optional<TlsSettings> tls,

        @Inline(reload = Reload.HOT) ForwardLogin login)
        implements Completed<ForwardSourceSettings> {
    public ForwardSourceSettings {
        listen = List.copyOf(listen);
    }

    /** In plain text, without authentication. */
    public static ForwardSourceSettings open(List<ForwardAddress> listen, AckMode ack) {
        return new ForwardSourceSettings(
                listen,
                SocketSettings.DEFAULT,
                ack,
                false,
                0,
                OtherSignals.REFUSE,
                Optional.empty(),
                ForwardLogin.NONE);
    }

    /** Those of {@link #listen} that are no Unix domain sockets. */
    public List<ListenAddress> tcp() {
        return listen.stream().flatMap(each -> each.tcp().stream()).toList();
    }

    List<UnixSocket> sockets() {
        return listen.stream()
                .flatMap(each -> each.unix().stream())
                .map(socket::at)
                .toList();
    }

    @Override
    public ForwardSourceSettings completed(Written forward) {
        boolean known = forward.has("shared-key")
                || forward.has("host-keys")
                || tls.flatMap(TlsSettings::clientCa).isPresent();
        Set<ForwardAddress> sockets = new HashSet<>();
        for (ForwardAddress address : listen) {
            if (address.unix().isPresent() && !sockets.add(address)) {
                forward.wrong("listen", "\"" + address + "\" stands here twice", "take one of them out");
            }
        }
        tcp().forEach(address ->
                ListenRule.check(forward, address, allowAnonymous || known, "write a shared-key, or a tls.client-ca"));
        return this;
    }
}
