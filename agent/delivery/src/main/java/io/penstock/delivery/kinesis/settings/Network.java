package io.penstock.delivery.kinesis.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a target is reached.
 *
 * @param fips Amazon's FIPS 140 endpoints
 * @param dualStack Amazon's endpoints with IPv4 and IPv6
 * @param connections open at once at most; with HTTP/2, calls at once
 * @param authorities PEM file with the only authorities that are trusted; empty: those of the Java runtime
 * @param sts where the calls for sessions of roles go; empty: to the region's own STS
 * @param proxy what calls of the target and to STS go through; empty: as environment and system properties say
 */
public record Network(
        boolean fips,
        boolean dualStack,
        int connections,
        Optional<URI> sts,
        Optional<Path> authorities,
        Optional<Proxy> proxy) {
    /** Nothing special. */
    public static final Network DIRECT =
            new Network(false, false, 256, Optional.empty(), Optional.empty(), Optional.empty());

    public Network {
        if (connections < 1) {
            throw new IllegalArgumentException("at least one connection, not " + connections);
        }
    }

    /** The same with STS elsewhere. */
    public Network withSts(URI endpoint) {
        return new Network(fips, dualStack, connections, Optional.of(endpoint), authorities, proxy);
    }

    /**
     * An HTTP proxy.
     *
     * @param url http or https, host and port
     * @param login empty: it asks for none
     * @param noProxy hosts that are reached without it; {@code *} stands for any characters
     */
    public record Proxy(URI url, Optional<Login> login, List<String> noProxy) {
        public Proxy {
            noProxy = List.copyOf(noProxy);
        }
    }

    /** Who asks the proxy. */
    public record Login(String user, Secret password) {}
}
