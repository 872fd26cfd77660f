package io.penstock.agent.forward;

import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.ingest.SpoolBinding;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.ack.Watermark;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.Receipt;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the chunks of one event loop share: the spools that they go to, of which there are at most {@code max-streams},
 * and the memory that they are written in.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LoopChunks {
    /** Kept for the next chunks: what is held beside them belongs to connections that wait for room. */
    private static final int MOST_IDLE = 4;

    private final Intake intake;
    private final AckChoice ack;
    private final ForwardRights rights;
    private final SourceFacts facts;
    private final AtomicBoolean anySpoolFailed;
    private final ChunkRecords records;
    private final Map<StreamId, SpoolBinding> spools = new HashMap<>();
    private final ArrayDeque<ChunkAppend> idle = new ArrayDeque<>();
    private @Nullable Watermark deadEntries;

    /** @param anySpoolFailed what all loops know */
    LoopChunks(
            Intake intake,
            AckChoice ack,
            ForwardRights rights,
            SourceFacts facts,
            EventWriter writer,
            AtomicBoolean anySpoolFailed) {
        this.intake = intake;
        this.ack = ack;
        this.rights = rights;
        this.facts = facts;
        this.anySpoolFailed = anySpoolFailed;
        this.records = new ChunkRecords(writer, intake.clock());
    }

    /** Takes a chunk from its beginning on. */
    Receipt take(Chunk chunk) {
        ChunkAppend append = idle.isEmpty() ? new ChunkAppend(this, intake, facts) : idle.pop();
        return append.begin(chunk);
    }

    /** The chunk that {@code append} wrote is taken or refused. */
    void done(ChunkAppend append) {
        if (idle.size() < MOST_IDLE) {
            idle.push(append);
        }
    }

    /** Whether a spool has refused a chunk of any loop for good: it goes on doing so until the agent starts anew. */
    boolean anySpoolFailed() {
        return anySpoolFailed.get();
    }

    /** False too for a stream that may have no spool. */
    boolean hasFailed(StreamId stream) {
        try {
            return spool(stream).spool().refusal() == Spool.FAILED;
        } catch (TooManyStreamsException tooMany) {
            return false;
        }
    }

    Receipt failed(Chunk chunk, StreamId stream) {
        anySpoolFailed.set(true);
        String text = "the spool of stream '" + stream.stream() + "' has failed or is closing";
        facts.refused(Refusal.SPOOL_FAILED, chunk.peer().toString(), text);
        return new Receipt.Refused(text);
    }

    Receipt forbidden(Chunk chunk, String objection) {
        facts.refused(Refusal.FORBIDDEN, chunk.peer().toString(), objection);
        return new Receipt.Refused(objection);
    }

    /** What an acknowledgement of entries that were put aside waits for; always the same object. */
    Watermark deadEntries() {
        Watermark known = deadEntries;
        if (known == null) {
            known = intake.dead().stored();
            deadEntries = known;
        }
        return known;
    }

    ChunkRecords records() {
        return records;
    }

    ForwardRights rights() {
        return rights;
    }

    /** @throws io.penstock.delivery.spool.TooManyStreamsException when it would be one more than there may be */
    SpoolBinding spool(StreamId stream) {
        SpoolBinding known = spools.get(stream);
        if (known == null) {
            known = new SpoolBinding(intake.spools().spool(stream), ack);
            spools.put(stream, known);
        }
        return known;
    }
}
