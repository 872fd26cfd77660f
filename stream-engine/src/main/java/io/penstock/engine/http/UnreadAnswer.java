package io.penstock.engine.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.base.fault.Guard;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.concurrent.TimeUnit;

/**
 * The memory of a large answer until the client has read it; the connection is closed if the client reads too slowly
 * (see {@link TransferPace}).
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
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
     * Starts to watch the answer.
     *
     * @param guard of all answers of the server
     * @param account from which the answer's bytes were taken
     * @param gone runs once, when the client has read everything or the connection is closed
     * @param dropped runs if the connection is closed because of a slow client
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the result is not needed
    public static void watch(
            ServiceRequestContext context,
            Guard guard,
            long bytes,
            MemoryBudget.Account account,
            Runnable gone,
            Runnable dropped) {
        UnreadAnswer answer = new UnreadAnswer(context, bytes, account, dropped);
        ScheduledFuture<?> looking = context.eventLoop()
                .withoutContext()
                .scheduleAtFixedRate(
                        () -> guard.run("The look at an unread answer", answer::look), 1, 1, TimeUnit.SECONDS);
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
