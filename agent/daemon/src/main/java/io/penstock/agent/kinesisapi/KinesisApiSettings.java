package io.penstock.agent.kinesisapi;

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
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code kinesis-api:} */
public record KinesisApiSettings(
        @Key(reload = Reload.HOT)
        @Doc("where PutRecord and PutRecords of any AWS SDK come in; `[]` leaves the source off")
        List<ListenAddress> listen,

        @Key(reload = Reload.HOT, usual = "durable")
        @Doc(
                "when a call is answered; as `mqtt.ack`. With `delivered` the answer has the stream's own sequence numbers")
        AckMode ack,

        @Key(reload = Reload.HOT, usual = "read-only")
        @Doc("which calls besides puts are passed on to the stream's target, signed with its credentials: `read-only`"
                + " those that change nothing, `all`, or `none`")
        PassThrough passThrough,

        @Key(reload = Reload.HOT) @Doc("every connection is encrypted; see [TLS](configuration.md#tls)")
        Optional<TlsSettings> tls,

        @Key(reload = Reload.HOT, usual = "none")
        @Doc("`sigv4`: a call must be signed with a key of `credentials-file`; `none`: signatures are not looked at")
        ApiAuth auth,

        @Key(reload = Reload.HOT, example = "/etc/penstock/kinesis-api.credentials")
        @Doc("the clients' keys, in the form of the AWS shared credentials file; read again when it changes")
        Optional<Path> credentialsFile,

        @Inline(reload = Reload.HOT) WebAccess web,

        @Key(reload = Reload.HOT, usual = "false") @Doc("whether other machines may put without authentication")
        boolean allowAnonymous)
        implements Completed<KinesisApiSettings> {
    public KinesisApiSettings {
        listen = List.copyOf(listen);
    }

    /** In plain text, for anyone, with calls passed on that change nothing. */
    public static KinesisApiSettings open(List<ListenAddress> listen, AckMode ack) {
        return new KinesisApiSettings(
                listen,
                ack,
                PassThrough.READ_ONLY,
                Optional.empty(),
                ApiAuth.NONE,
                Optional.empty(),
                WebAccess.NONE,
                false);
    }

    @Override
    public KinesisApiSettings completed(Written api) {
        if (listen.isEmpty()) {
            return this;
        }
        if (auth == ApiAuth.SIGV4 && credentialsFile.isEmpty() && api.right("credentials-file")) {
            api.wrong("auth", "sigv4 stands without credentials-file", "name the file with the clients' keys");
        }
        if (auth == ApiAuth.NONE && credentialsFile.isPresent()) {
            api.wrong("credentials-file", "stands beside auth: none", "write auth: sigv4, or take it out");
        }
        boolean known =
                auth == ApiAuth.SIGV4 || tls.flatMap(TlsSettings::clientCa).isPresent();
        listen.forEach(address ->
                ListenRule.check(api, address, allowAnonymous || known, "write auth: sigv4 with a credentials-file"));
        return this;
    }
}
