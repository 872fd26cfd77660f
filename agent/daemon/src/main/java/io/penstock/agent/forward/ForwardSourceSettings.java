package io.penstock.agent.forward;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Written;
import io.penstock.base.tls.TlsSettings;
import java.util.List;
import java.util.Optional;

/** {@code forward:} */
public record ForwardSourceSettings(
        @Key(usual = "127.0.0.1:24224")
        @Doc("where Fluentd, Fluent Bit and the Log4j appender connect; `[]` switches the source off")
        List<ListenAddress> listen,

        @Key(usual = "durable") @Doc("when a chunk is acknowledged; as `mqtt.ack`")
        AckMode ack,

        @Key(usual = "false") @Doc("whether other machines may connect without authentication")
        boolean allowAnonymous,

        @Key(usual = "0")
        @Range(most = "1000000")
        @Doc("how many of the chunks taken last are recognised when they are [sent again](forward.md#duplicates), up to"
                + " 1,000,000; 0: none")
        int recogniseResent,

        @Key @Doc("every connection is encrypted; see [TLS](configuration.md#tls)")
        Optional<TlsSettings> tls,

        @Inline ForwardLogin login)
        implements Completed<ForwardSourceSettings> {
    public ForwardSourceSettings {
        listen = List.copyOf(listen);
    }

    /** In plain text, without authentication. */
    public static ForwardSourceSettings open(List<ListenAddress> listen, AckMode ack) {
        return new ForwardSourceSettings(listen, ack, false, 0, Optional.empty(), ForwardLogin.NONE);
    }

    @Override
    public ForwardSourceSettings completed(Written forward) {
        boolean known = forward.has("shared-key")
                || forward.has("host-keys")
                || tls.flatMap(TlsSettings::clientCa).isPresent();
        listen.forEach(address ->
                ListenRule.check(forward, address, allowAnonymous || known, "write a shared-key, or a tls.client-ca"));
        return this;
    }
}
