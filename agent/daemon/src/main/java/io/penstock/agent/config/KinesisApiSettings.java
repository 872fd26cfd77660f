package io.penstock.agent.config;

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

/** {@code kinesis-api:}, a source that is not in this version: it can only be left off. */
public record KinesisApiSettings(
        @Key @Doc("where PutRecord and PutRecords of any AWS SDK come in; `[]` leaves the source off")
        List<ListenAddress> listen,

        @Key(usual = "durable") @Doc("when a call is answered; as `mqtt.ack`")
        AckMode ack,

        @Inline WebAccess web,

        @Key(usual = "false") @Doc("whether other machines may put without authentication")
        boolean allowAnonymous)
        implements Completed<KinesisApiSettings> {
    public KinesisApiSettings {
        listen = List.copyOf(listen);
    }

    @Override
    public KinesisApiSettings completed(Written api) {
        listen.forEach(address -> ListenRule.check(api, address, allowAnonymous, ""));
        return this;
    }
}
