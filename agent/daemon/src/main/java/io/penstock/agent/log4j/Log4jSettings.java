package io.penstock.agent.log4j;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Reload;
import io.penstock.base.settings.Written;
import io.penstock.base.tls.TlsSettings;
import java.util.List;
import java.util.Optional;

/** {@code log4j:} */
public record Log4jSettings(
        @Key(reload = Reload.HOT, usual = "127.0.0.1:4560")
        @Doc("where Log4j's own SocketAppender sends JSON lines; `[]` switches the source off")
        List<ListenAddress> listen,

        @Key(reload = Reload.HOT, usual = "durable")
        @Doc("how far events must have come before more are read (the protocol knows no acknowledgement): `durable`,"
                + " `memory` or `delivered`")
        AckMode ack,

        @Key(reload = Reload.HOT, usual = "false") @Doc("whether other machines may connect without authentication")
        boolean allowAnonymous,

        @Key(reload = Reload.HOT) @Doc("every connection is encrypted; see [TLS](configuration.md#tls)")
        Optional<TlsSettings> tls)
        implements Completed<Log4jSettings> {
    public Log4jSettings {
        listen = List.copyOf(listen);
    }

    /** In plain text, without authentication. */
    public static Log4jSettings open(List<ListenAddress> listen, AckMode ack) {
        return new Log4jSettings(listen, ack, false, Optional.empty());
    }

    @Override
    public Log4jSettings completed(Written log4j) {
        boolean known = tls.flatMap(TlsSettings::clientCa).isPresent();
        listen.forEach(address -> ListenRule.check(log4j, address, allowAnonymous || known, "name a tls.client-ca"));
        return this;
    }
}
