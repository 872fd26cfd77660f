package io.penstock.agent.forward;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.ingest.AckMode;
import io.penstock.base.ack.Watermark;
import io.penstock.base.fault.Guard;
import io.penstock.delivery.spool.Spool;
import io.penstock.forward.server.Receipt;
import io.penstock.journal.EntryBlock;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A spool as the chunks of one event loop use it. Once it has refused a block the loop's chunks queue here, unwritten,
 * until it tells of room; then they go on in turn, as long as none is refused. So a busy spool costs a refusal for each
 * time that it has room, not one for each chunk that waits. Confined to the loop; bounded by the loop's connections.
 */
final class LoopSpool implements Receipt.Room {
    private static final Logger LOG = LoggerFactory.getLogger(LoopSpool.class);

    private final Spool spool;
    private final Watermark durability;
    private final Guard guard = new Guard(LOG);
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean full;
    private boolean listens;

    LoopSpool(Spool spool, AckMode ack) {
        this.spool = spool;
        this.durability = switch (ack) {
            case MEMORY -> Watermark.IMMEDIATE;
            case DURABLE -> spool.durable();
            case DELIVERED -> spool.delivered();
        };
    }

    /** The stream's name. */
    String stream() {
        return spool.stream().stream();
    }

    /** What an acknowledgement of appended events waits for. */
    Watermark durability() {
        return durability;
    }

    /** Whether an append was refused and the spool has told of no room since: there is no use in writing for it. */
    boolean isFull() {
        return full;
    }

    /** As {@link Spool#append}. */
    long append(EntryBlock block) {
        long offset = spool.append(block);
        full = offset == Spool.FULL;
        return offset;
    }

    @Override
    public void onRoom(EventExecutor loop, Runnable listener) {
        waiting.add(listener);
        listen(loop);
    }

    @Override
    public void forget(Runnable listener) {
        waiting.remove(listener);
    }

    private void listen(EventExecutor loop) {
        if (!listens) {
            listens = true;
            spool.onRoom(loop, () -> room(loop));
        }
    }

    private void room(EventExecutor loop) {
        listens = false;
        full = false;
        for (int turns = waiting.size(); turns > 0 && !full && !waiting.isEmpty(); turns--) {
            guard.run("A chunk that waited for room", waiting.remove());
        }
        if (!waiting.isEmpty()) {
            listen(loop);
        }
    }
}
