package io.penstock.agent.mqtt;

import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.agent.ingest.AckMode;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.EventWriter;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.RecordEncoder;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.PublishHandler;
import io.penstock.mqtt.Receipt;
import org.jspecify.annotations.Nullable;

/**
 * Takes publishes for the spools. Called on the connections' event loops, each of which has a {@link LoopIntake} of its
 * own: no lock and no sharing on the way of a publish.
 */
final class SpoolIntake implements PublishHandler {
    private final Intake intake;
    private final AckMode ack;
    private final SourceFacts facts;
    private final EventCounts counts;
    private final FastThreadLocal<@Nullable LoopIntake> loops = new FastThreadLocal<>();

    SpoolIntake(Intake intake, AckMode ack, SourceFacts facts, EventCounts counts) {
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
        this.counts = counts;
    }

    @Override
    public void onPublish(Publish publish, Receipt receipt) {
        LoopIntake loop = loops.get();
        if (loop == null) {
            loop = new LoopIntake(
                    intake,
                    ack,
                    facts,
                    new EventWriter(intake.clock(), counts, MqttEvent.NAMES, RecordEncoder.MAX_BYTES));
            loops.set(loop);
        }
        loop.take(publish, receipt);
    }
}
