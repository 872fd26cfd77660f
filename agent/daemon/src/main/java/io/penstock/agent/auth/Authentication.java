package io.penstock.agent.auth;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.ErrorForm;
import io.penstock.agent.http.answer.Problem;
import io.penstock.base.auth.LoginChecks;
import io.penstock.base.auth.LoginChecks.Outcome;
import io.penstock.base.auth.Passwords;
import io.penstock.base.auth.WatchedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests by user and password (Basic), by token (Bearer) or by the client's certificate, and attaches the
 * {@link Identity}; refuses others with 401. Runs on the request's event loop and does not block it: passwords are
 * checked by {@link LoginChecks}, which also delays the answers to guesses. A password that was correct once, and any
 * token, is checked at once.
 */
public final class Authentication implements DecoratingHttpServiceFunction, AutoCloseable {
    private static final int MAX_UNANSWERED_OF_ONE_ADDRESS = 100;
    private static final int MIB = 1024 * 1024;
    private static final String TOKENS_FILE = "tokens file";

    private final boolean isOn;
    private final boolean allowsAnonymous;
    private final Map<String, Set<String>> streams = new HashMap<>();
    private final LoginChecks checks;
    private final @Nullable Passwords passwords;
    private final @Nullable WatchedFile<TokenEntries> tokens;
    private final List<String> challenges = new ArrayList<>();
    private final BiConsumer<ServiceRequestContext, Problem> refused;

    private Authentication(
            String listener,
            AuthSettings settings,
            boolean allowsAnonymous,
            LoginChecks checks,
            BiConsumer<ServiceRequestContext, Problem> refused)
            throws IOException {
        this.isOn = settings.isOn();
        this.allowsAnonymous = allowsAnonymous;
        this.checks = checks;
        this.refused = refused;
        settings.users().forEach(user -> {
            if (!user.streams().isEmpty()) {
                streams.put(user.name(), Set.copyOf(user.streams()));
            }
        });
        if (settings.passwordFile().isPresent()) {
            passwords = Passwords.open(listener, settings.passwordFile().get(), checks);
            challenges.add("Basic realm=\"penstock\", charset=\"UTF-8\"");
        } else {
            passwords = null;
        }
        if (settings.tokensFile().isPresent()) {
            tokens = WatchedFile.open(
                    new WatchedFile.Names(listener, TOKENS_FILE, "tokens", "make it with 'penstock passwd --token'"),
                    settings.tokensFile().get(),
                    TokenEntries::read,
                    () -> {});
            checks.watch(tokens, TOKENS_FILE);
            challenges.add("Bearer realm=\"penstock\"");
        } else {
            tokens = null;
        }
    }

    /**
     * Reads the files.
     *
     * @param listener for messages: the one that uses the files, such as "HTTP"
     * @param allowsAnonymous true if requests without credentials are admitted
     * @param refused receives each refusal, on the request's event loop
     * @throws IOException naming the file, the line and the fault
     */
    public static Authentication open(
            String listener,
            AuthSettings settings,
            boolean allowsAnonymous,
            BiConsumer<ServiceRequestContext, Problem> refused)
            throws IOException {
        // Each holds what has come of its body, some hundred KiB.
        int most = (int) Math.min(10_000, Runtime.getRuntime().maxMemory() / MIB);
        LoginChecks checks = new LoginChecks(
                listener.toLowerCase(Locale.ROOT) + "-passwords",
                most,
                Math.min(MAX_UNANSWERED_OF_ONE_ADDRESS, most / 2));
        try {
            return new Authentication(listener, settings, allowsAnonymous, checks, refused);
        } catch (IOException unfit) {
            checks.close();
            throw unfit;
        }
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        Credentials given = isOn ? Credentials.of(req.headers()) : new Credentials.None();
        if (given instanceof Credentials.Basic basic) {
            return passwords == null
                    ? refuse(
                            ctx,
                            unauthorized(
                                    "this listener takes no user and password",
                                    "send a token: Authorization: Bearer TOKEN"))
                    : basic(passwords, basic, delegate, ctx, req);
        }
        if (given instanceof Credentials.Bearer bearer) {
            return tokens == null
                    ? refuse(
                            ctx,
                            unauthorized(
                                    "this listener takes no tokens", "send user and password: Authorization: Basic"))
                    : bearer(tokens.get(), bearer, delegate, ctx, req);
        }
        if (given instanceof Credentials.Unreadable unreadable) {
            return refuse(ctx, unauthorized(unreadable.why(), remedy()));
        }
        Optional<String> certificate = Clients.certificateName(ctx);
        if (certificate.isPresent()) {
            return serve(identity(Identity.Kind.CERTIFICATE, certificate.get(), Set.of()), delegate, ctx, req);
        }
        if (isOn && !allowsAnonymous) {
            return refuse(ctx, unauthorized("this listener wants credentials, and the request has none", remedy()));
        }
        return delegate.serve(ctx, req);
    }

    private HttpResponse basic(
            Passwords users, Credentials.Basic basic, HttpService delegate, ServiceRequestContext ctx, HttpRequest req)
            throws Exception {
        CompletableFuture<Outcome> outcome = users.check(
                        basic.user(),
                        basic.password(),
                        Clients.address(ctx),
                        () -> ctx.isCancelled() || ctx.isTimedOut())
                .toCompletableFuture();
        Identity user = identity(Identity.Kind.USER, basic.user(), Set.of());
        if (outcome.isDone() && outcome.join() == Outcome.RIGHT) {
            return serve(user, delegate, ctx, req);
        }
        return later(outcome.thenApplyAsync(
                known -> known == Outcome.RIGHT
                        ? serveUnchecked(user, delegate, ctx, req)
                        : refuse(
                                ctx,
                                problem(known, "the user or the password is wrong"),
                                ", user '" + Problem.excerpt(basic.user()) + "'"),
                ctx.eventLoop()));
    }

    private HttpResponse bearer(
            TokenEntries entries,
            Credentials.Bearer bearer,
            HttpService delegate,
            ServiceRequestContext ctx,
            HttpRequest req)
            throws Exception {
        Optional<TokenEntries.Token> found = entries.find(bearer.token());
        if (found.isPresent()) {
            TokenEntries.Token token = found.get();
            return serve(identity(Identity.Kind.TOKEN, token.name(), token.streams()), delegate, ctx, req);
        }
        return later(checks.wrong(Clients.address(ctx))
                .thenApplyAsync(known -> refuse(ctx, problem(known, "the token is wrong")), ctx.eventLoop()));
    }

    private static HttpResponse later(CompletionStage<HttpResponse> answer) {
        return HttpResponse.of(answer);
    }

    private static HttpResponse serve(
            Identity identity, HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        identity.attachTo(ctx);
        return delegate.serve(ctx, req);
    }

    private static HttpResponse serveUnchecked(
            Identity identity, HttpService delegate, ServiceRequestContext ctx, HttpRequest req) {
        try {
            return serve(identity, delegate, ctx, req);
        } catch (Exception failed) {
            return HttpResponse.ofFailure(failed);
        }
    }

    /** The streams of both files hold: a stream must be in each list that is there. */
    private Identity identity(Identity.Kind kind, String name, Set<String> ofToken) {
        Set<String> configured = streams.getOrDefault(name, Set.of());
        if (configured.isEmpty() || ofToken.isEmpty()) {
            Set<String> only = configured.isEmpty() ? ofToken : configured;
            return new Identity(kind, name, only.isEmpty() ? Optional.empty() : Optional.of(only));
        }
        Set<String> both = new HashSet<>(ofToken);
        both.retainAll(configured);
        return new Identity(kind, name, Optional.of(both));
    }

    private Problem problem(Outcome outcome, String wrong) {
        return switch (outcome) {
            case BUSY ->
                Problem.retry(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "too many logins of this address wait",
                        "send it again after Retry-After",
                        5);
            case FAILED ->
                Problem.retry(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "the login could not be checked",
                        "send it again later; the agent's log says why",
                        5);
            case RIGHT, WRONG, GONE -> unauthorized(wrong, "correct it; 'penstock passwd' sets a new one");
        };
    }

    private static Problem unauthorized(String error, String remedy) {
        return Problem.of(HttpStatus.UNAUTHORIZED, error, remedy);
    }

    private String remedy() {
        if (passwords == null) {
            return "send Authorization: Bearer TOKEN";
        }
        return tokens == null
                ? "send Authorization: Basic with user and password"
                : "send Authorization: Basic with user and password, or Authorization: Bearer TOKEN";
    }

    private HttpResponse refuse(ServiceRequestContext ctx, Problem problem) {
        return refuse(ctx, problem, "");
    }

    /** @param who for the log; the answer repeats nothing of what a client presented */
    private HttpResponse refuse(ServiceRequestContext ctx, Problem problem, String who) {
        refused.accept(ctx, Problem.of(problem.status(), problem.error() + who, problem.remedy()));
        HttpResponse answer = ErrorForm.answer(ctx, problem);
        return problem.status().equals(HttpStatus.UNAUTHORIZED)
                ? answer.mapHeaders(headers -> headers.toBuilder()
                        .add(HttpHeaderNames.WWW_AUTHENTICATE, challenges)
                        .build())
                : answer;
    }

    /** Stops the threads that check passwords. */
    @Override
    public void close() {
        checks.close();
    }
}
