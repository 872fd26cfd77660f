package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpStatus;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.forward.ChunkRecords;
import io.penstock.agent.http.answer.Problem;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.BodyEvent;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.agent.route.Routed;
import io.penstock.agent.route.Source;
import io.penstock.agent.route.Unroutable;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.journal.EntryBlock;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What one event loop keeps for all its requests: its view of each spool, and blocks to encode into. Bounded by
 * {@code max-streams} and {@value #KEPT_BLOCKS} small blocks.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class LoopState {
    static final int MAX_BLOCK = 32 * 1024 * 1024;
    private static final int FIRST_BLOCK = 16 * 1024;
    private static final int KEPT_BLOCKS = 16;
    private static final int KEPT_BLOCK_SIZE = 256 * 1024;
    private static final int FIRST_JSON = 1024;
    private static final int KEPT_JSON = 256 * 1024;

    private final EventExecutor loop;
    private final Intake intake;
    private final AckChoice ack;
    private final EventWriter events;
    private final SourceFacts facts;
    private final ConnectedClients connected;
    private final BodyEvent event = new BodyEvent();
    private final ChunkRecords tagged;
    private final GrowingBytes json = new GrowingBytes(FIRST_JSON, RecordEncoder.MAX_BYTES);
    private final Map<StreamId, SpoolQueue> open = new HashMap<>();
    private final ArrayDeque<EntryBlock> blocks = new ArrayDeque<>();

    LoopState(
            EventExecutor loop,
            Intake intake,
            AckChoice ack,
            EventWriter events,
            SourceFacts facts,
            ConnectedClients connected) {
        this.loop = loop;
        this.events = events;
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
        this.connected = connected;
        this.tagged = new ChunkRecords(events, intake.clock());
    }

    /** Routes, clock and limits of records. */
    public Intake intake() {
        return intake;
    }

    /** @throws Refused when the route's template yields no stream for {@code event} */
    public Destination route(Source source, KeyFields event) throws Refused {
        Routed routed = intake.router().route(source, event);
        if (routed instanceof Unroutable unroutable) {
            throw new Refused(
                    Refusal.INVALID_STREAM,
                    Problem.of(HttpStatus.BAD_REQUEST, unroutable.reason(), unroutable.remedy()));
        }
        return (Destination) routed;
    }

    public SourceFacts facts() {
        return facts;
    }

    /** The listener's clients, by their addresses. */
    ConnectedClients connected() {
        return connected;
    }

    /** Opens the spool of a stream, as {@link #spool} does, before there is something for it. */
    public void open(StreamId stream) throws Refused {
        spool(stream);
    }

    /** @throws Refused with 429 past {@code max-streams} */
    SpoolQueue spool(StreamId stream) throws Refused {
        SpoolQueue known = open.get(stream);
        if (known == null) {
            known = new SpoolQueue(loop, new SpoolBinding(spoolOf(stream), ack));
            open.put(stream, known);
        }
        return known;
    }

    private Spool spoolOf(StreamId stream) throws Refused {
        try {
            return intake.spools().spool(stream);
        } catch (TooManyStreamsException tooMany) {
            throw new Refused(
                    Refusal.TOO_MANY_STREAMS,
                    Problem.retry(
                            HttpStatus.TOO_MANY_REQUESTS,
                            String.valueOf(tooMany.getMessage()),
                            "post to a stream that is there, or raise engine.max-streams",
                            60));
        }
    }

    public EventWriter events() {
        return events;
    }

    /** For the record that is being written. */
    public BodyEvent event() {
        return event;
    }

    /** For records under a tag. */
    public ChunkRecords tagged() {
        return tagged;
    }

    /** Empty memory for one JSON text; its memory is used again for the next. */
    public GrowingBytes json() {
        json.clear(KEPT_JSON);
        return json;
    }

    /** Empty; to be given back. */
    public EntryBlock takeBlock() {
        EntryBlock block = blocks.poll();
        return block == null ? new EntryBlock(FIRST_BLOCK, MAX_BLOCK) : block;
    }

    public void giveBack(EntryBlock block) {
        if (block.size() <= KEPT_BLOCK_SIZE && blocks.size() < KEPT_BLOCKS) {
            block.clear(KEPT_BLOCK_SIZE);
            blocks.push(block);
        }
    }
}
