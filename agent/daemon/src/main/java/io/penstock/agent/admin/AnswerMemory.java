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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * Bounds the answers that clients have not read yet: each holds as much memory as the largest one took so far, twice;
 * where there is none the request is answered 503. Thread-safe.
 */
final class AnswerMemory {
    private static final long FIRST_BYTES = 32 << 10;
    /** As text and as bytes. */
    private static final long TIMES = 2;

    private final MemoryBudget.Account memory;
    private final Guard guard = new Guard(LoggerFactory.getLogger(AnswerMemory.class));
    private final AtomicLong largest = new AtomicLong(FIRST_BYTES);

    AnswerMemory(MemoryBudget.Account memory) {
        this.memory = memory;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    HttpResponse serve(HttpService delegate, ServiceRequestContext ctx, HttpRequest req) throws Exception {
        long bytes = TIMES * largest.get();
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
                .thenAccept(log -> largest.accumulateAndGet(log.responseLength(), Math::max));
        return delegate.serve(ctx, req);
    }
}
