package io.penstock.agent.mqtt;

import io.netty.util.concurrent.FastThreadLocal;
import io.penstock.agent.ingest.AckChoice;
import io.penstock.agent.ingest.EventCounts;
import io.penstock.agent.ingest.Intake;
import io.penstock.agent.metrics.Refusal;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.mqtt.Publish;
import io.penstock.mqtt.PublishHandler;
import io.penstock.mqtt.Receipt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes publishes for the spools. Called on the connections' event loops, each of which has a {@link LoopIntake} of its
 * own: no lock and no sharing on the way of a publish.
 */
final class SpoolIntake implements PublishHandler {
    private final Intake intake;
    private final AckChoice ack;
    private final SourceFacts facts;
    private final EventCounts counts;
    private final Supplier<MqttEvent> events;
    private final FastThreadLocal<@Nullable LoopIntake> loops = new FastThreadLocal<>();

    /** @param events makes one for each event loop */
    SpoolIntake(Intake intake, AckChoice ack, SourceFacts facts, EventCounts counts, Supplier<MqttEvent> events) {
        this.intake = intake;
        this.ack = ack;
        this.facts = facts;
        this.counts = counts;
        this.events = events;
    }

    @Override
    public void onPublish(Publish publish, Receipt receipt) {
        loop().take(publish, receipt);
    }

    /** Keeps what is there of a message as a dead letter. */
    void putAside(Publish publish, Refusal reason, String text, Receipt receipt) {
        loop().putAside(publish, reason, text, receipt);
    }

    private LoopIntake loop() {
        LoopIntake loop = loops.get();
        if (loop == null) {
            loop = new LoopIntake(intake, ack, facts, counts, events.get());
            loops.set(loop);
        }
        return loop;
    }
}
