package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.ErrorForm;
import io.penstock.agent.http.answer.Problem;
import io.penstock.base.net.HostCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Refuses what {@link HostCheck} finds foreign, with a remedy for this agent. Immutable; any thread. */
public final class HostGuard implements DecoratingHttpServiceFunction {
    private final HostCheck check;
    private final String hostsKey;
    private final String originsKey;
    private final Consumer<ServiceRequestContext> refused;

    /**
     * @param hosts names allowed as host besides IP literals and {@code localhost}, without port
     * @param origins allowed origins, written as a browser sends them: {@code https://console.example.com}
     * @param hostsKey the key of {@code hosts} in the configuration, for the remedy
     * @param originsKey the key of {@code origins}
     * @param refused told of each refusal, on the request's event loop
     */
    public HostGuard(
            Collection<String> hosts,
            Collection<String> origins,
            String hostsKey,
            String originsKey,
            Consumer<ServiceRequestContext> refused) {
        this(new HostCheck(hosts, origins), hostsKey, originsKey, refused);
    }

    private HostGuard(HostCheck check, String hostsKey, String originsKey, Consumer<ServiceRequestContext> refused) {
        this.check = check;
        this.hostsKey = hostsKey;
        this.originsKey = originsKey;
        this.refused = refused;
    }

    /** This guard for a listener that serves pages itself. */
    public HostGuard withOwnPages() {
        return new HostGuard(check.withOwnPages(), hostsKey, originsKey, refused);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        Optional<Problem> problem = judge(req.headers());
        if (problem.isPresent()) {
            refused.accept(ctx);
            return ErrorForm.answer(ctx, problem.get());
        }
        return delegate.serve(ctx, req);
    }

    Optional<Problem> judge(RequestHeaders headers) {
        // Both are looked at: HTTP/2 may carry a Host beside its :authority.
        List<String> authorities = new ArrayList<>(headers.getAll(HttpHeaderNames.AUTHORITY));
        authorities.addAll(headers.getAll(HttpHeaderNames.HOST));
        return check.judge(authorities, headers.getAll(HttpHeaderNames.ORIGIN)).map(this::problem);
    }

    private Problem problem(HostCheck.Finding finding) {
        String value = Problem.excerpt(finding.value());
        return switch (finding.fault()) {
            case NOT_ONE_HOST ->
                Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "not a request that HTTP allows: there is " + (value.isEmpty() ? "no" : "more than one")
                                + " Host header",
                        "send one Host header with the address of this listener");
            case FOREIGN_HOST ->
                Problem.of(
                        HttpStatus.FORBIDDEN,
                        "Host '" + value + "' is not allowed",
                        "use the IP address or localhost, or list the name under " + hostsKey);
            case FOREIGN_ORIGIN ->
                Problem.of(
                        HttpStatus.FORBIDDEN,
                        "Origin '" + value + "' is not allowed",
                        "list it under " + originsKey + " if its pages are to reach it");
        };
    }
}
