package io.penstock.agent.http;

import io.penstock.agent.ingest.AckMode;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Written;
import java.util.List;

/** {@code http:} */
public record HttpSettings(
        @Key(usual = "127.0.0.1:9880") @Doc("where records are posted; `[]` switches the source off")
        List<ListenAddress> listen,

        @Key(usual = "durable") @Doc("when a request is answered; as `mqtt.ack`")
        AckMode ack,

        @Key(usual = "true")
        @Doc(
                "whether `POST /{tag}` is taken as Fluentd's HTTP input takes it; its events have the routes of `forward:`")
        boolean fluentd,

        @Inline WebAccess web,

        @Key(usual = "false") @Doc("whether other machines may post without authentication")
        boolean allowAnonymous)
        implements Completed<HttpSettings> {
    public HttpSettings {
        listen = List.copyOf(listen);
    }

    @Override
    public HttpSettings completed(Written http) {
        listen.forEach(address -> ListenRule.check(http, address, allowAnonymous, ""));
        return this;
    }
}
