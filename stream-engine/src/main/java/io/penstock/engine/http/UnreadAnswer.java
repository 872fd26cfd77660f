package io.penstock.engine.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.memory.TransferPace;
import java.util.concurrent.TimeUnit;

/**
 * A large answer on its way to a client: its memory is released when the client has read it, and its connection is
 * closed when the client reads too slowly (see {@link TransferPace}). Confined to the connection's event loop.
 */
public final class UnreadAnswer {
    private final ServiceRequestContext context;
    private final long bytes;
    private final MemoryBudget.Account account;
    private final Runnable dropped;
    private final long since = System.nanoTime();
    private long refusalsSeen;

    private UnreadAnswer(ServiceRequestContext context, long bytes, MemoryBudget.Account account, Runnable dropped) {
        this.context = context;
        this.bytes = bytes;
        this.account = account;
        this.dropped = dropped;
        this.refusalsSeen = account.refusals();
    }

    /**
     * From now on, until the answer is gone.
     *
     * @param account that the answer's bytes were taken from
     * @param gone runs once, when the client has read it all or its connection is closed
     * @param dropped runs when the connection is closed for it
     */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    public static void watch(
            ServiceRequestContext context, long bytes, MemoryBudget.Account account, Runnable gone, Runnable dropped) {
        UnreadAnswer answer = new UnreadAnswer(context, bytes, account, dropped);
        ScheduledFuture<?> looking =
                context.eventLoop().withoutContext().scheduleAtFixedRate(answer::look, 1, 1, TimeUnit.SECONDS);
        context.log().whenComplete().thenRun(() -> {
            looking.cancel(false);
            gone.run();
        });
    }

    private void look() {
        long refusals = account.refusals();
        boolean isShort = refusals != refusalsSeen;
        refusalsSeen = refusals;
        if (TransferPace.isTooSlow(System.nanoTime() - since, bytes, isShort)) {
            dropped.run();
            Connections.close(context);
        }
    }
}
