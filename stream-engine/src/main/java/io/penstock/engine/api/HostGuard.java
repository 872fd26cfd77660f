package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpRequest;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps web pages away from a port that trusts whoever reaches it: a browser names the page in {@code Origin}, and after
 * DNS rebinding the page's own name in {@code Host}. Immutable.
 */
final class HostGuard {
    private final Set<String> hosts;
    private final Set<String> origins;

    HostGuard(List<String> hosts, List<String> origins) {
        this.hosts = lowerCase(hosts);
        this.origins = lowerCase(origins);
    }

    private static Set<String> lowerCase(List<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Why the request is refused; empty when it is not. */
    Optional<String> refusal(HttpRequest request) {
        String authority = request.authority() == null ? "" : request.authority();
        String host = host(authority).toLowerCase(Locale.ROOT);
        boolean literal = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        if (!literal && !host.equals("localhost") && !hosts.contains(host)) {
            return Optional.of("The host '" + host + "' is neither an IP address nor localhost nor listed under hosts."
                    + " Use such an address, or add the name to hosts.");
        }
        return origin(request)
                .filter(origin -> !allows(origin))
                .map(origin ->
                        "Requests of web pages from '" + origin + "' are refused. Add it to origins to allow it.");
    }

    static Optional<String> origin(HttpRequest request) {
        return Optional.ofNullable(request.headers().get("origin"));
    }

    boolean allows(String origin) {
        return origins.contains(origin.toLowerCase(Locale.ROOT));
    }

    private static String host(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            return end < 0 ? authority : authority.substring(1, end);
        }
        int colon = authority.lastIndexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
