package io.penstock.delivery.kinesis.settings;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Secret;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a target is reached.
 *
 * @param sts the endpoint for role sessions; empty: the region's own STS
 * @param proxy the proxy for calls to the target and to STS; empty: from environment and system properties
 */
public record Network(
        @Key(usual = "false") @Doc("Amazon's FIPS 140 endpoints; with `endpoint: aws` only")
        boolean fips,

        @Key(usual = "false") @Doc("Amazon's endpoints with IPv4 and IPv6; with `endpoint: aws` only")
        boolean dualStack,

        @Key(usual = "256")
        @Range(least = "1", most = "10000")
        @Doc("open at once at most; with HTTP/2, calls at once; up to 10000")
        int connections,

        @Key(value = "sts-endpoint", example = "https://sts.eu-central-1.amazonaws.com")
        @As(StsUrl.class)
        @Doc("where STS is; left out: the region's own, as `fips` and `dual-stack` say")
        Optional<URI> sts,

        @Key @Doc("whose certificates the target may have") Trust tls,

        @Key
        @Doc("an HTTP proxy for the target's calls and those to STS; a container's endpoint and an instance's metadata"
                + " service are asked directly; left out: as `HTTPS_PROXY`, `NO_PROXY` or Java's system properties say")
        Optional<Proxy> proxy)
        implements Completed<Network> {
    /** The defaults. */
    public static final Network DIRECT =
            new Network(false, false, 256, Optional.empty(), Optional.empty(), Optional.empty());

    public Network {
        if (connections < 1) {
            throw new IllegalArgumentException("at least one connection, not " + connections);
        }
    }

    public Network(
            boolean fips,
            boolean dualStack,
            int connections,
            Optional<URI> sts,
            Optional<Path> authorities,
            Optional<Proxy> proxy) {
        this(fips, dualStack, connections, sts, new Trust(authorities), proxy);
    }

    /** The only trusted authorities; empty: those of the Java runtime. */
    public Optional<Path> authorities() {
        return tls.ca();
    }

    /** The same with another STS endpoint. */
    public Network withSts(URI endpoint) {
        return new Network(fips, dualStack, connections, Optional.of(endpoint), tls, proxy);
    }

    @Override
    public Network completed(Written target) {
        Written below = target.section("proxy");
        if (below.has("user") != below.has("password")) {
            below.wrong(
                    below.has("user") ? "user" : "password", "stands alone", "write user: and password:, or neither");
        }
        return this;
    }

    /** {@code tls:} of a target. */
    public record Trust(
            @Key(example = "/etc/penstock/authorities.pem")
            @Doc("PEM file with the only authorities that are trusted; left out: those of the Java runtime")
            Optional<Path> ca) {}

    /**
     * An HTTP proxy.
     *
     * @param noProxy hosts that are reached directly; {@code *} matches any characters
     */
    public record Proxy(
            @Key(required = ProxyUrl.REMEDY, example = "http://proxy.example.com:3128")
            @As(ProxyUrl.class)
            @Doc("`http://HOST:PORT`; no path")
            URI url,

            @Key(example = "penstock") @Doc("together with the next")
            Optional<String> user,

            @Key(example = "${PROXY_PASSWORD:-}") @Doc("write `\"${VARIABLE}\"`")
            Optional<Secret> password,

            @Key(example = "*.internal.example.com")
            @Text(
                    pattern = "[A-Za-z0-9*._:\\[\\]-]{1,253}",
                    reason = "is no host",
                    remedy = "write a name or an address; * stands for any characters")
            @Doc("hosts that are reached without it, in letters of either case; `*` stands for any characters")
            List<String> noProxy) {
        public Proxy {
            noProxy = List.copyOf(noProxy);
        }

        public Proxy(URI url, Optional<Login> login, List<String> noProxy) {
            this(url, login.map(Login::user), login.map(Login::password), noProxy);
        }

        /** Empty: the proxy requires none. */
        public Optional<Login> login() {
            return user.flatMap(name -> password.map(secret -> new Login(name, secret)));
        }
    }

    /** The login for the proxy. */
    public record Login(String user, Secret password) {}

    /** The notation of the STS endpoint. */
    static final class StsUrl implements Notation<URI> {
        @Override
        public Parsed<URI> parse(String text) {
            return TargetAddress.parseUrl(text, "write a URL such as https://sts.eu-west-1.amazonaws.com");
        }

        @Override
        public String pattern() {
            return "https?://.+";
        }
    }

    /** The notation of a proxy. */
    static final class ProxyUrl implements Notation<URI> {
        static final String REMEDY = "write it as http://HOST:PORT";

        @Override
        public Parsed<URI> parse(String text) {
            return TargetAddress.parseUrl(text, REMEDY).then(url -> {
                if (url.getPort() < 0) {
                    return Parsed.wrong("\"" + text + "\" names no port", REMEDY);
                }
                return url.getRawPath().matches("/?")
                        ? Parsed.right(url)
                        : Parsed.wrong("\"" + text + "\" has a path", REMEDY);
            });
        }

        @Override
        public String pattern() {
            return "https?://[^/]+/?";
        }
    }
}
