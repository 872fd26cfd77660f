package io.penstock.agent.http.post;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.BodyEvent;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spools;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What one event loop keeps for all its requests: its view of each spool, and blocks to encode into. Bounded by
 * {@code max-streams} and {@value #KEPT_BLOCKS} small blocks.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LoopState {
    static final int MAX_BLOCK = 32 * 1024 * 1024;
    private static final int FIRST_BLOCK = 16 * 1024;
    private static final int KEPT_BLOCKS = 16;
    private static final int KEPT_BLOCK_SIZE = 256 * 1024;

    private final EventExecutor loop;
    private final Spools spools;
    private final AckMode ack;
    private final EventWriter events;
    private final BodyEvent event = new BodyEvent();
    private final Map<StreamId, SpoolQueue> open = new HashMap<>();
    private final ArrayDeque<EntryBlock> blocks = new ArrayDeque<>();

    LoopState(EventExecutor loop, Spools spools, AckMode ack, EventWriter events) {
        this.loop = loop;
        this.events = events;
        this.spools = spools;
        this.ack = ack;
    }

    /** @throws io.penstock.delivery.spool.TooManyStreamsException past {@code max-streams} */
    SpoolQueue spool(StreamId stream) {
        SpoolQueue known = open.get(stream);
        if (known == null) {
            known = new SpoolQueue(loop, SpoolBinding.of(spools.spool(stream), ack));
            open.put(stream, known);
        }
        return known;
    }

    EventWriter events() {
        return events;
    }

    /** For the record that is being written. */
    BodyEvent event() {
        return event;
    }

    EntryBlock takeBlock() {
        EntryBlock block = blocks.poll();
        return block == null ? new EntryBlock(FIRST_BLOCK, MAX_BLOCK) : block;
    }

    void giveBack(EntryBlock block) {
        if (block.size() <= KEPT_BLOCK_SIZE && blocks.size() < KEPT_BLOCKS) {
            block.clear(KEPT_BLOCK_SIZE);
            blocks.push(block);
        }
    }
}
