package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import io.penstock.delivery.kinesis.settings.Network;
import io.penstock.delivery.kinesis.settings.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a target is reached: {@code fips}, {@code dual-stack}, {@code connections}, {@code sts-endpoint}, {@code tls:}
 * and {@code proxy:}.
 */
final class NetworkSection {
    private static final String STS_REMEDY = "write a URL such as https://sts.eu-west-1.amazonaws.com";
    private static final String PROXY_REMEDY = "write it as http://HOST:PORT";
    private static final int MOST_CONNECTIONS = 10_000;

    private NetworkSection() {}

    static Network read(Section target, Optional<Endpoint> endpoint) {
        boolean fips = amazonOnly(target, "fips", endpoint);
        boolean dualStack = amazonOnly(target, "dual-stack", endpoint);
        int connections = target.value("connections", Network.DIRECT.connections(), Values.number(1, MOST_CONNECTIONS));
        Optional<URI> sts = target.optional("sts-endpoint", NetworkSection::endpoint);
        Optional<Path> authorities = target.section("tls", section -> section.optional("ca", Values.file(section)));
        boolean proxied = target.has("proxy");
        Optional<Network.Proxy> proxy = target.section("proxy", section -> proxy(section, proxied));
        if (endpoint.filter(Endpoint.Embedded.class::isInstance).isPresent()) {
            for (String key : new String[] {"sts-endpoint", "tls", "proxy"}) {
                if (target.has(key)) {
                    target.wrong(key, "stands beside endpoint: embedded, which is in this process", "take it out");
                }
            }
        }
        return new Network(fips, dualStack, connections, sts, authorities, proxy);
    }

    private static boolean amazonOnly(Section target, String key, Optional<Endpoint> endpoint) {
        boolean on = target.value(key, false, Values.flag());
        if (on && endpoint.isPresent() && !(endpoint.get() instanceof Endpoint.Aws)) {
            target.wrong(key, "is for endpoint: aws only", "take it out; a URL says by itself which endpoint it is");
        }
        return on;
    }

    private static Optional<Network.Proxy> proxy(Section section, boolean wanted) {
        Optional<URI> url = section.optional("url", NetworkSection::url);
        Optional<String> user = section.optional("user", text -> Parsed.right(text));
        Optional<Secret> password = section.optional("password", text -> Parsed.right(new Secret(text)));
        List<String> direct = section.list("no-proxy", NetworkSection::host).orElse(List.of());
        if (wanted && !section.has("url")) {
            section.lacks("url", "is missing", PROXY_REMEDY);
        }
        if (section.has("user") != section.has("password")) {
            section.wrong(
                    section.has("user") ? "user" : "password", "stands alone", "write user: and password:, or neither");
        }
        Optional<Network.Login> login = user.flatMap(name -> password.map(secret -> new Network.Login(name, secret)));
        return url.map(where -> new Network.Proxy(where, login, direct));
    }

    private static Parsed<URI> endpoint(String text) {
        return Endpoint.parseUrl(text, STS_REMEDY).then(endpoint -> Parsed.right(endpoint.uri()));
    }

    private static Parsed<URI> url(String text) {
        return Endpoint.parseUrl(text, PROXY_REMEDY)
                .then(endpoint -> endpoint.uri().getPort() < 0
                        ? Parsed.wrong("\"" + text + "\" names no port", PROXY_REMEDY)
                        : endpoint.uri().getRawPath().matches("/?")
                                ? Parsed.right(endpoint.uri())
                                : Parsed.wrong("\"" + text + "\" has a path", PROXY_REMEDY));
    }

    private static Parsed<String> host(String text) {
        return text.matches("[A-Za-z0-9*._:\\[\\]-]{1,253}")
                ? Parsed.right(text)
                : Parsed.wrong(
                        "\"" + text + "\" is no host", "write a name or an address; * stands for any characters");
    }
}
