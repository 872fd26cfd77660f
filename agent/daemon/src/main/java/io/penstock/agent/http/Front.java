package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.ChannelPipeline;
import io.penstock.agent.auth.Authentication;
import io.penstock.agent.auth.UserLimits;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What every connection and every request of the HTTP source passes before a service gets it: TLS, the check of Host
 * and Origin, CORS, authentication and the limits of each user, in this order. Thread-safe.
 */
final class Front implements AutoCloseable {
    /** How long the rest of a body may be on its way after an early answer over HTTP/2. */
    private static final long REST_MILLIS = 5000;

    private final HttpTls tls;
    private final HostGuard hosts;
    private final Cors cors;
    private final Authentication authentication;
    private final UserLimits limits;

    private Front(HttpSettings section, HttpTls tls, Authentication authentication, SourceFacts facts) {
        this.tls = tls;
        this.authentication = authentication;
        List<String> origins = new ArrayList<>(section.web().origins());
        origins.addAll(section.cors().origins());
        this.hosts = new HostGuard(
                section.web().hosts(),
                origins,
                "http.hosts",
                "http.cors.origins",
                ctx -> facts.refused(Refusal.FORBIDDEN, peer(ctx), "a Host or Origin that is not allowed"));
        this.cors = new Cors(section.cors());
        this.limits = new UserLimits(
                section.limits(),
                section.auth().users(),
                System::nanoTime,
                (ctx, problem) -> facts.refused(Refusal.RATE_LIMITED, peer(ctx), problem.error()));
    }

    /**
     * Reads the files that it needs.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    static Front open(HttpSettings section, SourceFacts facts) throws IOException {
        Authentication authentication = Authentication.open(
                "HTTP",
                section.auth(),
                section.allowAnonymous(),
                (ctx, problem) -> facts.refused(reason(problem), peer(ctx), problem.error()));
        try {
            return new Front(section, HttpTls.open(section.listen(), section.tls(), facts), authentication, facts);
        } catch (IOException unfit) {
            authentication.close();
            throw unfit;
        }
    }

    boolean isEncrypted(SocketAddress bound) {
        return tls.isEncrypted(bound);
    }

    /** For a new connection; before the handlers that are to see encrypted bytes are added. */
    void guard(ChannelPipeline pipeline) {
        tls.guard(pipeline);
    }

    /** One decorator for all, because the server looks up each decorator for each request. */
    HttpService decorate(HttpService service) {
        return service.decorate(limits)
                .decorate(authentication)
                .decorate(cors)
                .decorate(hosts)
                .decorate(Front::answerEarly);
    }

    /**
     * An answer that does not wait for the body, such as 401, would be followed at once by the reset of its stream, and
     * some clients (curl) then throw the answer away. So the rest of the body is read and discarded for a while.
     */
    private static HttpResponse answerEarly(HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
            throws Exception {
        HttpResponse answer = delegate.serve(ctx, req);
        if (ctx.sessionProtocol().isMultiplex() && req.isOpen()) {
            ctx.setRequestAutoAbortDelayMillis(REST_MILLIS);
            var unused = answer.whenComplete().thenRun(() -> discardRest(req));
        }
        return answer;
    }

    private static void discardRest(HttpRequest req) {
        if (req.isOpen()) {
            // Fails where the body has a reader already, which then decides.
            var unused = req.subscribe();
        }
    }

    private static Refusal reason(Problem problem) {
        return switch (problem.status().code()) {
            case 401 -> Refusal.FORBIDDEN;
            case 503 -> Refusal.OVERLOADED;
            default -> Refusal.DEFECT;
        };
    }

    private static String peer(ServiceRequestContext ctx) {
        return String.valueOf(ctx.remoteAddress());
    }

    @Override
    public void close() {
        tls.close();
        authentication.close();
    }
}
