package io.penstock.agent.admin;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.Problem;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.http.UnreadAnswer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * Bounds the answers that clients have not read yet: each holds as much memory as the largest one of its path
 * took so far, twice;
 * where there is none the request is answered 503. Thread-safe.
 */
final class AnswerMemory {
    private static final long FIRST_BYTES = 32 << 10;
    /** As text and as bytes. */
    private static final long TIMES = 2;

    private final MemoryBudget.Account memory;
    private final Guard guard = new Guard(LoggerFactory.getLogger(AnswerMemory.class));
    private final Map<String, AtomicLong> largest = new ConcurrentHashMap<>();
    private final Set<String> endless;

    /** @param endless paths that bound the memory of their answers themselves */
    AnswerMemory(MemoryBudget.Account memory, Set<String> endless) {
        this.memory = memory;
        this.endless = Set.copyOf(endless);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        String path = ctx.config().route().patternString();
        if (endless.contains(path)) {
            return delegate.serve(ctx, req);
        }
        AtomicLong ofPath = largest.computeIfAbsent(path, none -> new AtomicLong(FIRST_BYTES));
        long bytes = TIMES * ofPath.get();
        Object answer = new Object();
        if (!memory.tryTake(bytes, answer)) {
            return Problem.retry(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "answers that their clients do not read take all the memory of this listener",
                            "ask again in a moment",
                            1)
                    .toResponse();
        }
        UnreadAnswer.watch(
                ctx,
                guard,
                bytes,
                memory,
                () -> {
                    memory.release(bytes);
                    memory.settled(answer);
                },
                () -> {});
        ctx.log()
                .whenAvailable(RequestLogProperty.RESPONSE_LENGTH)
                .thenAccept(log -> ofPath.accumulateAndGet(log.responseLength(), Math::max));
        return delegate.serve(ctx, req);
    }
}
