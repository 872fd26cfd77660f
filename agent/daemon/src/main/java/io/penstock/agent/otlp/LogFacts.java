package io.penstock.agent.otlp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.metrics.SourceFacts;

/** What is counted of log records beside what each source counts. Any thread. */
final class LogFacts {
    private final SourceFacts source;
    private final Counter replaced;

    LogFacts(SourceFacts source, MeterRegistry registry) {
        this.source = source;
        this.replaced = Counter.builder("penstock.otlp.text.replaced")
                .description("Sequences of bytes in text of OTLP that were no UTF-8 and were replaced.")
                .register(registry);
    }

    /** A request was answered with success. */
    void stored(Rejections rejections, long sequencesReplaced, String peer) {
        rejections.counts().forEach(source::refused);
        if (rejections.total() > 0) {
            source.noticed(peer, "OTLP: " + rejections.inWords());
        }
        if (sequencesReplaced > 0) {
            replaced.increment(sequencesReplaced);
        }
    }
}
