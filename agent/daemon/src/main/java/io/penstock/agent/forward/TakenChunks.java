package io.penstock.agent.forward;

import io.penstock.agent.ingest.AckMode;
import io.penstock.delivery.spool.Marks;
import io.penstock.delivery.spool.Spool;
import io.penstock.forward.server.RecentChunks;

/**
 * The chunks that the forward source recognises when they come again: those that were taken last, and those of earlier
 * runs whose marks the spools hold. Any thread.
 */
public final class TakenChunks implements Marks {
    private final RecentChunks recent;
    private final AckMode ack;

    private TakenChunks(int most, AckMode ack) {
        this.recent = new RecentChunks(most);
        this.ack = ack;
    }

    public static TakenChunks of(ForwardSourceSettings section) {
        return new TakenChunks(section.listen().isEmpty() ? 0 : section.recogniseResent(), section.ack());
    }

    @Override
    public int most() {
        return recent.most();
    }

    @Override
    public void recovered(Spool spool, byte[] mark, long offset) {
        recent.recall(mark, ack.of(spool), offset);
    }

    RecentChunks recent() {
        return recent;
    }
}
