package io.penstock.agent.forward;

import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.Chunk;
import io.penstock.forward.server.ChunkHandler;
import io.penstock.forward.server.Receipt;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes chunks for the spools. Called on the connections' event loops, each of which has a {@link LoopChunks} of its
 * own: no lock and no sharing on the way of an event.
 */
final class ChunkIntake implements ChunkHandler {
    private final Intake intake;
    private final AckChoice ack;
    private final ForwardRights rights;
    private final SourceFacts facts;
    private final EventCounts counts;
    private final AtomicBoolean anySpoolFailed = new AtomicBoolean();
    private final FastThreadLocal<@Nullable LoopChunks> loops = new FastThreadLocal<>();

    ChunkIntake(Intake intake, AckChoice ack, ForwardRights rights, SourceFacts facts, EventCounts counts) {
        this.intake = intake;
        this.ack = ack;
        this.rights = rights;
        this.facts = facts;
        this.counts = counts;
    }

    @Override
    public Receipt take(Chunk chunk) {
        LoopChunks loop = loop();
        Optional<String> objection = rights.objectionToTag(chunk);
        return objection.isPresent() ? loop.forbidden(chunk, objection.get()) : loop.take(chunk);
    }

    private LoopChunks loop() {
        LoopChunks loop = loops.get();
        if (loop == null) {
            // A record is bounded by its message.
            EventWriter writer = new EventWriter(intake.clock(), counts, Set.of(), GrowingBytes.UNBOUNDED);
            loop = new LoopChunks(intake, ack, rights, facts, writer, anySpoolFailed);
            loops.set(loop);
        }
        return loop;
    }
}
