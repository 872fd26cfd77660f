package io.penstock.delivery.sender;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.StreamId;
import java.util.function.LongSupplier;

/**
 * A stream whose target is not configured any more: nothing is sent, but records that the log drops to make room are
 * counted.
 */
@OwnedBy(ThreadRole.HOLDER)
final class HomelessStream implements SenderThreads.Work {
    private final Backlog backlog;
    private final LongSupplier clock;

    HomelessStream(Backlog backlog, LongSupplier clock) {
        this.backlog = backlog;
        this.clock = clock;
    }

    @Override
    public StreamId stream() {
        return backlog.stream();
    }

    @Override
    public long doWork() {
        long givenUp = Math.min(backlog.kept(), backlog.start() + backlog.span());
        if (givenUp > backlog.start()) {
            backlog.lost(backlog.start(), givenUp);
        }
        long now = clock.getAsLong();
        long publish = backlog.publish(now);
        return publish == Long.MAX_VALUE ? Long.MAX_VALUE : now + publish;
    }
}
