package io.penstock.agent.admin;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.penstock.agent.auth.Authentication;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.condition.ClientTroubles;
import io.penstock.agent.http.answer.Problem;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.net.ListenAddress;
import io.penstock.base.text.RateLimitedLog;
import java.io.IOException;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Which requests the admin listener answers, and which of them may change something. With {@code admin.auth} all need
 * credentials but {@code /livez} and {@code /readyz}, which probes ask; the word of the {@link AdminKey} is always
 * taken. Runs on the event loop of the request and does not block it. Thread-safe.
 */
public final class AdminLogin implements DecoratingHttpServiceFunction, AutoCloseable {
    static final String LOGIN = "/login";
    static final String READY = "/readyz";

    private static final Set<String> PROBES = Set.of("/livez", READY);
    private static final String BEARER = "Bearer ";
    private static final String CHALLENGE = "Basic realm=\"penstock\", charset=\"UTF-8\"";

    private final AdminKey key;
    private final boolean isOn;
    private final boolean anonymousReads;
    private final boolean anonymousChanges;
    private final Authentication authentication;

    private AdminLogin(AdminSettings section, AdminKey key, MeterRegistry meters, ClientTroubles troubles)
            throws IOException {
        this.key = key;
        this.isOn = section.auth().isOn();
        this.anonymousReads = !isOn || section.allowAnonymous();
        this.anonymousChanges = !isOn && section.listen().loopback();
        RateLimitedLog log = RateLimitedLog.of(LoggerFactory.getLogger(AdminLogin.class));
        Counter refused = Counter.builder("penstock.admin.logins.refused")
                .description("Requests to the admin listener that were refused, because their credentials are wrong.")
                .register(meters);
        this.authentication =
                Authentication.open("admin", section.auth().files(), section.allowAnonymous(), (ctx, problem) -> {
                    // The first request of each browser has no credentials: the answer makes it ask for them.
                    if (ctx.request().headers().contains(HttpHeaderNames.AUTHORIZATION)) {
                        refused.increment();
                        String host = ctx.clientAddress().getHostAddress();
                        troubles.saw(ConditionName.LOGIN_FAILED, "admin", host, problem.error());
                        log.warn("login " + host, "The admin listener refuses " + host + ": " + problem.error());
                    }
                });
    }

    /**
     * Reads the files of {@code admin.auth}.
     *
     * @param troubles are told of wrong credentials
     * @throws IOException naming the file, the line and the fault
     */
    public static AdminLogin open(AdminSettings section, AdminKey key, MeterRegistry meters, ClientTroubles troubles)
            throws IOException {
        return new AdminLogin(section, key, meters, troubles);
    }

    /** Of a listener that asks for nothing and lets nothing be changed. */
    static AdminLogin none() {
        try {
            return new AdminLogin(
                    AdminSettings.open(new ListenAddress("127.0.0.1", 0)),
                    AdminKey.unwritten(),
                    new CompositeMeterRegistry(),
                    new ClientTroubles(System::nanoTime));
        } catch (IOException impossible) {
            throw new IllegalStateException("no file was named", impossible);
        }
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        String given = req.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (given.startsWith(BEARER) && key.is(given.substring(BEARER.length()))) {
            Identity.OWNER.attachTo(ctx);
            return delegate.serve(ctx, req);
        }
        return given.isEmpty() && PROBES.contains(ctx.path())
                ? delegate.serve(ctx, req)
                : authentication.serve(delegate, ctx, req);
    }

    /** True if the answer may say more than a probe needs. */
    boolean mayRead(ServiceRequestContext ctx) {
        return anonymousReads || Identity.of(ctx).isKnown();
    }

    /**
     * True if the request may change something.
     *
     * @param allowed whether {@code admin.allow-changes} is true now; the agent's own user may without it
     */
    boolean mayChange(ServiceRequestContext ctx, boolean allowed) {
        Identity identity = Identity.of(ctx);
        return identity.kind() == Identity.Kind.OWNER || allowed && (anonymousChanges || identity.isKnown());
    }

    /**
     * Why a request may change nothing.
     *
     * @param allowed whether {@code admin.allow-changes} is true now
     */
    Problem refusal(boolean allowed) {
        if (allowed && isOn) {
            return Problem.of(
                    HttpStatus.FORBIDDEN,
                    "changes need credentials, and the request has none",
                    "send Authorization with a user and password or a token; in a browser open " + LOGIN);
        }
        return Problem.of(
                HttpStatus.FORBIDDEN,
                "nothing may be changed through this port",
                "set admin.allow-changes: true, or use the command on this machine as the agent's user,"
                        + " such as penstock reload");
    }

    /** Makes a browser ask for user and password, and leads back to the page. */
    HttpResponse login(ServiceRequestContext ctx, HttpRequest req) {
        if (isOn && !Identity.of(ctx).isKnown()) {
            return Problem.of(HttpStatus.UNAUTHORIZED, "log in with user and password", "send Authorization: Basic")
                    .toResponse()
                    .mapHeaders(headers -> headers.toBuilder()
                            .add(HttpHeaderNames.WWW_AUTHENTICATE, CHALLENGE)
                            .build());
        }
        return HttpResponse.of(ResponseHeaders.of(HttpStatus.SEE_OTHER, HttpHeaderNames.LOCATION, "/"));
    }

    /** Stops the threads that check passwords. */
    @Override
    public void close() {
        authentication.close();
    }
}
