package io.penstock.agent.config;

import io.penstock.agent.kinesisapi.ApiAuth;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import io.penstock.engine.Durability;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code engine:}, the stream engine, which runs inside the agent when {@code kinesis.endpoint} is {@code embedded}.
 */
public record EngineConfiguration(
        @Key(usual = "127.0.0.1:4567") @Doc("where the stream engine's Kinesis API is")
        ListenAddress listen,

        @Inline Streams streams,

        @Key(usual = USUAL_ACCOUNT)
        @Text(pattern = "\\d{12}", reason = "is no account", remedy = "write twelve digits in quotes")
        @Doc("the account of streams, and of calls whose access key id is not itself an account of twelve digits")
        String account,

        @Key(usual = "fsync")
        @Doc("a put is answered once it is on disk; or `os`: once the operating system has it, and a power cut loses"
                + " it")
        Durability durability,

        @Key(usual = "false")
        @Doc("whether shards and calls are limited as Amazon limits them: 1 MiB and 1000 records in, 2 MiB and 5 reads"
                + " out per shard and second; see [the engine](engine.md#limits)")
        boolean enforceLimits,

        @Key
        @Doc("the port speaks TLS too. The certificate made at the first start is for `localhost`, the loopback"
                + " addresses and `names`, and its authority is named at each start")
        Certificate tls,

        @Inline Callers callers,

        @Inline WebAccess web)
        implements Completed<EngineConfiguration> {
    public static final String USUAL_ACCOUNT = "000000000000";

    /** Its streams. */
    public record Streams(
            @Key(usual = "true") @Doc("streams that the agent writes to are made on demand")
            boolean autoCreate,

            @Key(usual = "1000") @Range(least = "1", most = "100000") @Doc("how many streams there may be; 1 to 100000")
            int maxStreams,

            @Key(usual = "4") @Range(least = "1", most = "10000") @Doc("shards of a stream made on demand; 1 to 10000")
            int defaultShards,

            @Key(usual = "24h")
            @Range(least = "24h", most = "365d")
            @Doc("how long the streams that it makes keep a record; 24h to 365d")
            Duration retention) {}

    /** Whose calls it takes. */
    public record Callers(
            @Key(usual = "none")
            @Doc(
                    "`sigv4`: a call must be signed with a key of `credentials-file`; `none`: signatures are not looked at")
            ApiAuth auth,

            @Key(example = "/etc/penstock/engine.credentials")
            @Doc("the clients' keys, in the form of the AWS shared credentials file; read again when it changes")
            Optional<Path> credentialsFile,

            @Key(usual = "false") @Doc("whether other machines may call it without authentication")
            boolean allowAnonymous)
            implements Completed<Callers> {
        @Override
        public Callers completed(Written engine) {
            if (auth == ApiAuth.SIGV4 && credentialsFile.isEmpty() && engine.right("credentials-file")) {
                engine.wrong("auth", "sigv4 stands without credentials-file", "name the file with the clients' keys");
            }
            if (auth == ApiAuth.NONE && credentialsFile.isPresent()) {
                engine.wrong("credentials-file", "stands beside auth: none", "write auth: sigv4, or take it out");
            }
            return this;
        }

        /** True if the engine takes signed calls only, and so knows its callers. */
        public boolean known() {
            return auth == ApiAuth.SIGV4;
        }
    }

    /** {@code engine.tls:}, what the engine's port shows to a client that speaks TLS. */
    public record Certificate(
            @Key
            @Text(
                    pattern = "(?:\\*\\.)?[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63}){0,30}"
                            + "|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*",
                    reason = "is neither a host name nor an IP address",
                    remedy = "write one without a port")
            @Doc(
                    "names and addresses, besides `localhost` and the loopback ones, that the generated certificate is for")
            List<String> names,

            @Key(example = "/etc/penstock/engine.pem")
            @Doc("a certificate of one's own, PEM, instead of the generated one")
            Optional<Path> certificate,

            @Key(example = "/etc/penstock/engine-key.pem") @Doc("its key, PEM (PKCS #8)")
            Optional<Path> key)
            implements Completed<Certificate> {
        public Certificate {
            names = List.copyOf(names);
        }

        @Override
        public Certificate completed(Written tls) {
            if (certificate.isPresent() && key.isPresent()) {
                if (!names.isEmpty()) {
                    tls.wrong("names", "stands beside a certificate of your own", "take it out, or the certificate");
                }
            } else if (tls.has("certificate") != tls.has("key")) {
                String given = tls.has("certificate") ? "certificate" : "key";
                tls.wrong(
                        given,
                        "stands without " + (given.equals("key") ? "certificate" : "key"),
                        "write both, or neither for a generated certificate");
            }
            return this;
        }

        /** As the engine takes it. */
        public Tls tls() {
            return certificate
                    .flatMap(chain -> key.<Tls>map(secret -> new Tls.Files(chain, secret)))
                    .orElseGet(() -> new Tls.Generated(names));
        }
    }

    @Override
    public EngineConfiguration completed(Written engine) {
        ListenRule.check(
                engine, listen, callers.allowAnonymous || callers.known(), "write auth: sigv4 with a credentials-file");
        return this;
    }

    /** {@code base}, changed as the file says. */
    public EngineSettings on(EngineSettings base, String region) {
        EngineSettings open = base.withListen(listen.toSocketAddress())
                .withRegion(region)
                .withAccount(account)
                .withRetention(streams.retention)
                .withMaxStreams(streams.maxStreams)
                .withDurability(durability)
                .withEnforceLimits(enforceLimits)
                .withTls(tls.tls())
                .withHosts(web.hosts())
                .withOrigins(web.origins());
        return callers.credentialsFile.map(open::withCredentialsFile).orElse(open);
    }
}
