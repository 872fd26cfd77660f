package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Refuses what a web page could send to a port of this machine: a request whose {@code Origin} is not listed, and one
 * whose {@code Host} or {@code :authority} is neither an IP literal, nor {@code localhost}, nor a listed name. The
 * second closes the door to DNS rebinding, where a page's own name is made to resolve to 127.0.0.1: a browser then
 * sends that name.
 *
 * <p>Immutable; any thread.
 */
public final class HostGuard implements DecoratingHttpServiceFunction {
    private final Set<String> hosts;
    private final Set<String> origins;
    private final Consumer<ServiceRequestContext> refused;

    /**
     * @param hosts names allowed as host besides IP literals and {@code localhost}, without port
     * @param origins allowed origins, written as a browser sends them: {@code https://console.example.com}
     * @param refused told of each refusal, on the request's event loop
     */
    public HostGuard(Collection<String> hosts, Collection<String> origins, Consumer<ServiceRequestContext> refused) {
        this.hosts = lowerCase(hosts);
        this.origins = lowerCase(origins);
        this.refused = refused;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        Optional<Problem> problem = judge(req.headers());
        if (problem.isPresent()) {
            refused.accept(ctx);
            return problem.get().toResponse();
        }
        return delegate.serve(ctx, req);
    }

    Optional<Problem> judge(RequestHeaders headers) {
        // Both are looked at: HTTP/2 may carry a Host beside its :authority.
        for (String authority : headers.getAll(HttpHeaderNames.AUTHORITY)) {
            if (!allowedHost(authority)) {
                return Optional.of(wrongHost(authority));
            }
        }
        for (String host : headers.getAll(HttpHeaderNames.HOST)) {
            if (!allowedHost(host)) {
                return Optional.of(wrongHost(host));
            }
        }
        for (String origin : headers.getAll(HttpHeaderNames.ORIGIN)) {
            if (!origins.contains(origin.toLowerCase(Locale.ROOT))) {
                return Optional.of(Problem.of(
                        HttpStatus.FORBIDDEN,
                        "Origin '" + Problem.excerpt(origin) + "' is not allowed",
                        "list it under origins: of this listener if its pages are to reach it"));
            }
        }
        return Optional.empty();
    }

    private static Problem wrongHost(String host) {
        return Problem.of(
                HttpStatus.FORBIDDEN,
                "Host '" + Problem.excerpt(host) + "' is not allowed",
                "use the IP address or localhost, or list the name under hosts: of this listener");
    }

    private boolean allowedHost(String authority) {
        String host = withoutPort(authority.trim()).toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || hosts.contains(host)
                || NetUtil.isValidIpV4Address(host)
                || NetUtil.isValidIpV6Address(host);
    }

    /** RFC 3986 section 3.2: {@code host[:port]}, an IPv6 literal in brackets. */
    private static String withoutPort(String authority) {
        if (authority.startsWith("[")) {
            int close = authority.indexOf(']');
            return close < 0 ? authority : authority.substring(1, close);
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    private static Set<String> lowerCase(Collection<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }
}
