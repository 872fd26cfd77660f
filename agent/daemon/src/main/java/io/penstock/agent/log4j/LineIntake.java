package io.penstock.agent.log4j;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import org.jspecify.annotations.Nullable;

/** Takes lines for the spools; each event loop has an event writer of its own. */
final class LineIntake implements LineHandler {
    private final Intake intake;
    private final AckChoice ack;
    private final SourceFacts facts;
    private final ConnectedClients connected;
    private final EventCounts counts;
    private final FastThreadLocal<@Nullable LineRecords> loops = new FastThreadLocal<>();

    LineIntake(Intake intake, AckChoice ack, SourceFacts facts, EventCounts counts) {
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
        this.connected = facts.connected();
        this.counts = counts;
    }

    @Override
    public Lines connected(EventExecutor loop, String peer) {
        LineRecords records = loops.get();
        if (records == null) {
            records = new LineRecords(intake, new EventWriter(intake.clock(), counts));
            loops.set(records);
        }
        connected.connected(peer, peer, "", "", "JSON lines");
        return new SpooledLines(loop, peer, records, intake, ack, facts, connected);
    }

    @Override
    public void disconnected(String peer) {
        connected.disconnected(peer);
    }

    @Override
    public void refused(Refusal reason, String peer, String detail) {
        // There are few foreign protocols, each with its own text.
        String kind = reason == Refusal.UNSUPPORTED ? detail : "";
        facts.refused(reason, kind, peer, detail);
    }

    @Override
    public void noticed(String peer, String detail) {
        facts.noticed(peer, detail);
    }
}
