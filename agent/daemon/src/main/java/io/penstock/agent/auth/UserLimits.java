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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses with 429 what an identity sends beyond its requests and bytes per second; clients without a name share the
 * limit of their address. The bytes of a body count as they are sent, when the request begins if it has a
 * Content-Length, otherwise as they come. Any thread; the lock is held for a look at a map. Keeps {@value #MAX_BUCKETS}
 * names and addresses, and forgets the one that was silent for the longest time.
 */
public final class UserLimits implements DecoratingHttpServiceFunction {
    private static final int MAX_BUCKETS = 10_000;
    /** No listener takes a larger body. */
    private static final long MOST_CLAIMED = 20L << 20;

    private final LimitSettings usual;
    private final Map<String, AuthUser> users = new HashMap<>();
    private final LongSupplier nanoTime;
    private final BiConsumer<ServiceRequestContext, Problem> refused;
    private final Map<String, Buckets> buckets = new LinkedHashMap<>(16, 0.75f, true);

    private record Buckets(
            @Nullable TokenBucket requests, @Nullable TokenBucket bytes) {}

    /**
     * @param users whose limits differ from the usual ones
     * @param nanoTime as {@link System#nanoTime}
     * @param refused receives each refusal, on the request's event loop
     */
    public UserLimits(
            LimitSettings usual,
            List<AuthUser> users,
            LongSupplier nanoTime,
            BiConsumer<ServiceRequestContext, Problem> refused) {
        this.usual = usual;
        users.forEach(user -> this.users.put(user.name(), user));
        this.nanoTime = nanoTime;
        this.refused = refused;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        Identity identity = Identity.of(ctx);
        Buckets own = buckets(identity, ctx);
        long now = nanoTime.getAsLong();
        int wait = Math.max(seconds(own.requests(), now), seconds(own.bytes(), now));
        if (wait > 0) {
            Problem problem = problem(identity, seconds(own.bytes(), now) > 0, wait);
            refused.accept(ctx, problem);
            return ErrorForm.answer(ctx, problem);
        }
        if (own.requests() != null) {
            own.requests().take(1);
        }
        return delegate.serve(ctx, own.bytes() == null ? req : counted(req, own.bytes()));
    }

    private static HttpRequest counted(HttpRequest req, TokenBucket bytes) {
        long length = req.headers().getLong(HttpHeaderNames.CONTENT_LENGTH, -1);
        if (length >= 0) {
            // A length that is only claimed must not lock out the others of an address for years.
            bytes.take(Math.min(length, MOST_CLAIMED));
            return req;
        }
        return req.peekData(data -> bytes.take(data.length()));
    }

    private static int seconds(@Nullable TokenBucket bucket, long now) {
        return bucket == null ? 0 : bucket.secondsUntilMore(now);
    }

    private Buckets buckets(Identity identity, ServiceRequestContext ctx) {
        Optional<AuthUser> user = Optional.ofNullable(users.get(identity.name()));
        int requests = user.flatMap(AuthUser::requestsPerSecond).orElse(usual.requestsPerSecond());
        long bytes = user.flatMap(AuthUser::bytesPerSecond).orElse(usual.bytesPerSecond());
        if (requests == 0 && bytes == 0) {
            return new Buckets(null, null);
        }
        String key = identity.kind() + " "
                + (identity.kind() == Identity.Kind.ANONYMOUS ? Clients.address(ctx) : identity.name());
        synchronized (buckets) {
            Buckets found = buckets.computeIfAbsent(key, first -> fresh(requests, bytes));
            if (buckets.size() > MAX_BUCKETS) {
                buckets.remove(buckets.keySet().iterator().next());
            }
            return found;
        }
    }

    private Buckets fresh(int requests, long bytes) {
        long now = nanoTime.getAsLong();
        return new Buckets(
                requests == 0 ? null : new TokenBucket(requests, now), bytes == 0 ? null : new TokenBucket(bytes, now));
    }

    private static Problem problem(Identity identity, boolean bytes, int wait) {
        return Problem.retry(
                HttpStatus.TOO_MANY_REQUESTS,
                identity + " sends more " + (bytes ? "bytes" : "requests") + " per second than it may",
                "send it again after Retry-After, with more records in each request; the limits are under http.limits and"
                        + " http.auth.users",
                wait);
    }
}
