package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets web pages of listed origins post and read the answers, errors included (WHATWG Fetch, CORS protocol). Stands
 * behind {@link HostGuard}, which refuses the pages of other origins, and in front of the authentication, because a
 * browser asks without credentials whether it may send them. Immutable; any thread.
 */
final class Cors implements DecoratingHttpServiceFunction {
    private static final AsciiString REQUEST_PRIVATE_NETWORK = AsciiString.of("access-control-request-private-network");
    private static final AsciiString ALLOW_PRIVATE_NETWORK = AsciiString.of("access-control-allow-private-network");
    private static final String READABLE = "Retry-After, WWW-Authenticate";
    /** Names of header fields with commas between them. */
    private static final Pattern FIELDS = Pattern.compile("[A-Za-z0-9_, .-]{1,1024}");

    private final Set<String> origins;
    private final String maxAge;

    Cors(CorsSettings settings) {
        this.origins = Set.copyOf(settings.origins());
        this.maxAge = String.valueOf(settings.maxAge().toSeconds());
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        Optional<String> listed = Optional.ofNullable(req.headers().get(HttpHeaderNames.ORIGIN))
                .filter(origin -> origins.contains(origin.toLowerCase(Locale.ROOT)));
        if (listed.isEmpty()) {
            return delegate.serve(ctx, req);
        }
        if (req.method() == HttpMethod.OPTIONS
                && req.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
            return HttpResponse.of(preflight(listed.get(), req.headers()));
        }
        // On the context, so that answers that the server itself makes have them too.
        ctx.mutateAdditionalResponseHeaders(
                headers -> headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, listed.get())
                        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                        .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, READABLE)
                        .set(HttpHeaderNames.VARY, "Origin"));
        return delegate.serve(ctx, req);
    }

    private ResponseHeaders preflight(String origin, RequestHeaders asked) {
        var answer = ResponseHeaders.builder(HttpStatus.NO_CONTENT)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, HttpMethod.POST.name())
                .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, maxAge)
                .set(HttpHeaderNames.VARY, "Origin, Access-Control-Request-Headers");
        // A listed page may send any header field: those that the agent does not know do no harm.
        String fields = asked.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "");
        if (FIELDS.matcher(fields).matches()) {
            answer.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, fields);
        }
        if (asked.contains(REQUEST_PRIVATE_NETWORK)) {
            answer.set(ALLOW_PRIVATE_NETWORK, "true");
        }
        return answer.build();
    }
}
