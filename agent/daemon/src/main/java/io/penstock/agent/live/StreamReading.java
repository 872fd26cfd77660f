package io.penstock.agent.live;

import io.penstock.agent.admin.AgentState;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.SpoolStatus;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * One stream at one moment.
 *
 * @param shown its state in words
 * @param spool what waits
 * @param sender what leaves; empty while the spool opens
 */
public record StreamReading(AgentState.Stream shown, SpoolStatus spool, Optional<StreamStatus> sender) {
    /** As configuration, log and commands name it. */
    String name() {
        return spool.stream().toString();
    }

    long delivered() {
        return of(status -> status.delivered().records());
    }

    long deliveredBytes() {
        return of(status -> status.delivered().bytes());
    }

    long retried() {
        return of(status -> status.effort().retried());
    }

    long throttled() {
        return of(status -> status.effort().throttled());
    }

    long deadLetters() {
        return of(status -> status.deadLetters().written());
    }

    int shards() {
        return (int) of(status -> status.load().shards());
    }

    int throttledShards() {
        return (int) of(status -> status.load().throttledShards());
    }

    /** Events that the spool took since the start, up to what earlier runs left in it. */
    long accepted() {
        return spool.records()
                + delivered()
                + deadLetters()
                + spool.losses().dropped()
                + spool.losses().damaged();
    }

    /** The age of the oldest event that is not delivered, in seconds; 0 if there is none. */
    double oldestSeconds() {
        return shown.backlog().oldestAge().map(age -> age.toMillis() / 1e3).orElse(0.0);
    }

    private long of(ToLongFunction<StreamStatus> value) {
        return sender.isPresent() ? value.applyAsLong(sender.get()) : 0;
    }
}
