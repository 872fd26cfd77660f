package io.penstock.agent.http;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.SimpleDecoratingHttpService;
import io.netty.channel.ChannelPipeline;
import io.penstock.agent.auth.Authentication;
import io.penstock.agent.auth.UserLimits;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.reload.Prepared;
import java.io.IOException;
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
    private final SourceFacts facts;

    /** Replaced as a whole. */
    private volatile Checks checks;

    private Front(HttpTls tls, SourceFacts facts, Checks checks) {
        this.tls = tls;
        this.facts = facts;
        this.checks = checks;
    }

    /** What a request passes, by the settings of one moment. */
    private record Checks(HostGuard hosts, Cors cors, Authentication authentication, UserLimits limits) {
        static Checks open(HttpSettings section, SourceFacts facts) throws IOException {
            List<String> origins = new ArrayList<>(section.web().origins());
            origins.addAll(section.cors().origins());
            return new Checks(
                    new HostGuard(
                            section.web().hosts(),
                            origins,
                            "http.hosts",
                            "http.cors.origins",
                            ctx -> facts.refused(Refusal.FORBIDDEN, peer(ctx), "a Host or Origin that is not allowed")),
                    new Cors(section.cors()),
                    Authentication.open(
                            "HTTP",
                            section.auth(),
                            section.allowAnonymous(),
                            (ctx, problem) -> facts.refused(reason(problem), peer(ctx), problem.error())),
                    new UserLimits(
                            section.limits(),
                            section.auth().users(),
                            System::nanoTime,
                            (ctx, problem) -> facts.refused(Refusal.RATE_LIMITED, peer(ctx), problem.error())));
        }

        HttpService before(HttpService service) {
            return service.decorate(limits)
                    .decorate(authentication)
                    .decorate(cors)
                    .decorate(hosts)
                    .decorate(Front::answerEarly);
        }
    }

    /**
     * Reads the files that it needs.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    static Front open(HttpSettings section, SourceFacts facts) throws IOException {
        Checks checks = Checks.open(section, facts);
        try {
            return new Front(HttpTls.open(section.listen(), section.tls(), facts), facts, checks);
        } catch (IOException unfit) {
            checks.authentication().close();
            throw unfit;
        }
    }

    /**
     * Other checks and certificates, from the next request and connection on. Limits begin anew.
     *
     * @throws IOException naming the file and what is wrong with it; nothing is changed then
     */
    Prepared prepare(HttpSettings section) throws IOException {
        Prepared certificates = tls.prepare(section.listen(), section.tls());
        Checks former = checks;
        Checks next;
        try {
            next = Checks.open(section, facts);
        } catch (IOException unfit) {
            certificates.abandon();
            throw unfit;
        }
        return new Prepared() {
            @Override
            public void commit() {
                certificates.commit();
                checks = next;
                former.authentication().close();
            }

            @Override
            public void abandon() {
                certificates.abandon();
                next.authentication().close();
            }
        };
    }

    /**
     * For a new connection; before the handlers that are to see encrypted bytes are added.
     *
     * @param encrypted whether its address is
     */
    void guard(ChannelPipeline pipeline, boolean encrypted) {
        tls.guard(pipeline, encrypted);
    }

    /** One decorator for all, because the server looks up each decorator for each request. */
    HttpService decorate(HttpService service) {
        return new Checked(service);
    }

    /** A service behind the checks of now. */
    private final class Checked extends SimpleDecoratingHttpService {
        /** Replaced as a whole. */
        private volatile Guarded guarded;

        private record Guarded(Checks by, HttpService service) {}

        Checked(HttpService service) {
            super(service);
            Checks now = checks;
            guarded = new Guarded(now, now.before(service));
        }

        @Override
        public HttpResponse serve(ServiceRequestContext ctx, HttpRequest req) throws Exception {
            Guarded present = guarded;
            if (present.by() != checks) {
                Checks now = checks;
                present = new Guarded(now, now.before((HttpService) unwrap()));
                guarded = present;
            }
            return present.service().serve(ctx, req);
        }
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
        checks.authentication().close();
    }
}
