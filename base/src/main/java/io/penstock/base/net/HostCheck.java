package io.penstock.base.net;

import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells the requests of web pages from those of programs, for every listener that speaks HTTP. A browser names the page
 * in {@code Origin}; after DNS rebinding (a page's own name resolves to 127.0.0.1) the browser names the page in {@code
 * Host}. A host must be an IP literal, {@code localhost} or a listed name; an origin must be listed. Immutable; any
 * thread.
 */
public final class HostCheck {
    /**
     * The authority that a server must set for a request without one. The HTTP server's own default would be a name of
     * the machine, which may be an allowed name and would hide the missing host. This name never resolves (RFC 6761).
     */
    public static final String NO_HOST = "no-host.invalid";

    private static final int LONGEST_PORT = 5;
    private static final int LARGEST_PORT = 65_535;

    private final Set<String> hosts;
    private final Set<String> origins;
    private final boolean ownPages;

    /**
     * @param hosts allowed names besides IP literals and {@code localhost}, without port
     * @param origins allowed origins, written as a browser sends them: {@code https://console.example.com}
     */
    public HostCheck(Collection<String> hosts, Collection<String> origins) {
        this(lowerCase(hosts), lowerCase(origins), false);
    }

    private HostCheck(Set<String> hosts, Set<String> origins, boolean ownPages) {
        this.hosts = hosts;
        this.origins = origins;
        this.ownPages = ownPages;
    }

    /**
     * This check for a listener that serves pages itself: the origin of the request's own host and port is allowed, too.
     * A browser names it when such a page loads a module.
     */
    public HostCheck withOwnPages() {
        return new HostCheck(hosts, origins, true);
    }

    /** What is wrong with the head of a request. */
    public enum Fault {
        /** The request has no Host, or more than one: HTTP requires status 400. */
        NOT_ONE_HOST,
        FOREIGN_HOST,
        FOREIGN_ORIGIN
    }

    /** @param value the host or the origin as the client sent it, of any length and content */
    public record Finding(Fault fault, String value) {}

    /**
     * Checks every authority and every origin of a request.
     *
     * @param authorities the values of {@code :authority} and {@code Host}
     * @param given the values of {@code Origin}
     * @return empty if the request may be served
     */
    public Optional<Finding> judge(Collection<String> authorities, Collection<String> given) {
        if (authorities.isEmpty()) {
            return Optional.of(new Finding(Fault.NOT_ONE_HOST, ""));
        }
        for (String authority : authorities) {
            String host = host(authority).orElse("");
            // Several lines of one header arrive as one value with commas.
            if (host.equals(NO_HOST) || authority.contains(",")) {
                return Optional.of(new Finding(Fault.NOT_ONE_HOST, host.equals(NO_HOST) ? "" : authority));
            }
            if (!allows(host)) {
                return Optional.of(new Finding(Fault.FOREIGN_HOST, authority));
            }
        }
        return given.stream()
                .filter(origin -> !origins.contains(origin.toLowerCase(Locale.ROOT)) && !isOwn(origin, authorities))
                .findFirst()
                .map(origin -> new Finding(Fault.FOREIGN_ORIGIN, origin));
    }

    private boolean isOwn(String origin, Collection<String> authorities) {
        return ownPages
                && authorities.stream()
                        .allMatch(authority -> origin.equalsIgnoreCase("http://" + authority)
                                || origin.equalsIgnoreCase("https://" + authority));
    }

    /** {@link #judge(Collection, Collection)} of one authority and no origin. */
    Optional<Finding> judge(String authority) {
        return judge(List.of(authority), List.of());
    }

    private boolean allows(String host) {
        return host.equals("localhost")
                || hosts.contains(host)
                || NetUtil.isValidIpV4Address(host)
                || (host.startsWith("[") && NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1)));
    }

    /**
     * The host of {@code host[:port]} (RFC 3986, section 3.2) in lower case, an IPv6 literal with its brackets. Empty
     * if the text has any other form, such as a user, a second colon, text behind a bracket, or a port that is not a
     * number.
     */
    private static Optional<String> host(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (end == 0) {
            return Optional.empty();
        }
        int length = end < 0 ? authority.length() : end;
        String host = authority.substring(0, length).toLowerCase(Locale.ROOT);
        return isPort(authority.substring(length)) ? Optional.of(host) : Optional.empty();
    }

    /** True if the text is empty, or a colon with an optional port. */
    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        String digits = text.substring(1);
        return text.charAt(0) == ':'
                && digits.length() <= LONGEST_PORT
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.isEmpty() || Integer.parseInt(digits) <= LARGEST_PORT);
    }

    private static Set<String> lowerCase(Collection<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
