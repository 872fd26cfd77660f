package io.penstock.engine.api;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.http.TransferPace;
import io.penstock.engine.meter.EngineMeters;
import java.util.concurrent.TimeUnit;

/**
 * A large answer on its way to a client: releases its memory when the client has read it, and closes the connection when
 * the client reads too slowly (see {@link TransferPace}). Confined to the connection's event loop.
 */
final class UnreadAnswer {
    private final ServiceRequestContext context;
    private final AnswerHold hold;
    private final MemoryBudget.Account account;
    private final EngineMeters meters;
    private final long since = System.nanoTime();
    private long refusalsSeen;

    private UnreadAnswer(
            ServiceRequestContext context, AnswerHold hold, MemoryBudget.Account account, EngineMeters meters) {
        this.context = context;
        this.hold = hold;
        this.account = account;
        this.meters = meters;
        this.refusalsSeen = account.refusals();
    }

    /** From now on, until the answer is gone. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    static void watch(
            ServiceRequestContext context, AnswerHold hold, MemoryBudget.Account account, EngineMeters meters) {
        UnreadAnswer answer = new UnreadAnswer(context, hold, account, meters);
        ScheduledFuture<?> looking =
                context.eventLoop().withoutContext().scheduleAtFixedRate(answer::look, 1, 1, TimeUnit.SECONDS);
        context.log().whenComplete().thenRun(() -> {
            looking.cancel(false);
            hold.release();
        });
    }

    private void look() {
        long refusals = account.refusals();
        boolean isShort = refusals != refusalsSeen;
        refusalsSeen = refusals;
        if (TransferPace.isTooSlow(System.nanoTime() - since, hold.bytes(), isShort)) {
            meters.dropped("answer", String.valueOf(context.remoteAddress()));
            Connections.close(context);
        }
    }
}
