package io.penstock.engine.capacity;

import io.penstock.base.fault.Guard;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.Reshard;
import io.penstock.engine.stream.StreamMeta;
import io.penstock.engine.stream.StreamMode;
import io.penstock.engine.stream.StreamStatus;
import io.penstock.engine.stream.Streams;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives streams in on-demand mode the shards that their load needs; see {@link CapacityChange} for the rules. Works only
 * with enforced limits: without them no shard is ever near a limit. A stream changes once in {@link
 * StreamDemand#WINDOW} at most, and only while it is ACTIVE. What was measured is not kept over a restart.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class OnDemand {
    private static final Logger LOG = LoggerFactory.getLogger(OnDemand.class);

    private final Streams streams;
    private final StreamLimits limits;
    private final AgeClock clock;
    private final Duration transition;
    private final Listener listener;
    private final Guard guard = new Guard(LOG);
    private final RateLimitedLog heldBack = RateLimitedLog.of(LOG);
    private final Map<String, StreamDemand> byStreamId = new HashMap<>();

    /** Receives each change, on the thread that calls {@link #tick}. */
    @FunctionalInterface
    public interface Listener {
        /** A stream had {@code from} open shards and now has {@code to}. */
        void scaled(String stream, int from, int to);
    }

    /** @param transition how long a stream is UPDATING after a change */
    public OnDemand(Streams streams, StreamLimits limits, AgeClock clock, Duration transition, Listener listener) {
        this.streams = streams;
        this.limits = limits;
        this.clock = clock;
        this.transition = transition;
        this.listener = listener;
    }

    /** Looks at all streams, and changes those that need it. To be called about once a second; blocks on the disk. */
    public void tick() {
        if (!limits.enforced()) {
            return;
        }
        Map<String, StreamDemand> present = new HashMap<>();
        for (LiveStream stream : streams.inAllScopes()) {
            StreamMeta meta = stream.meta();
            if (meta.options().mode() == StreamMode.ON_DEMAND) {
                StreamDemand known = byStreamId.get(meta.id());
                present.put(meta.id(), known != null ? known : begin(stream));
            }
        }
        byStreamId.clear();
        byStreamId.putAll(present);
        byStreamId.values().forEach(demand -> guard.run("The capacity of a stream", () -> look(demand)));
    }

    private StreamDemand begin(LiveStream stream) {
        return new StreamDemand(stream, limits.find(stream.meta().id()), clock.millis());
    }

    private void look(StreamDemand demand) {
        long now = clock.millis();
        if (!demand.isDue(now)) {
            return;
        }
        StreamMeta meta = demand.stream().meta();
        List<ShardDemand> measured = demand.measure(limits.find(meta.id()), now);
        CapacityChange change =
                CapacityChange.of(measured, meta.options().warmThroughputMiBps(), streams.shardRoom(meta.scope()));
        if (change.isHeldBack()) {
            heldBack.warn(
                    meta.id(),
                    "stream " + meta.name() + ": the load asks for " + change.wanted() + " more shards than its "
                            + measured.size() + ", but account " + meta.scope().account() + " in "
                            + meta.scope().region() + " may have "
                            + change.splits().size()
                            + " more only; delete streams that are not needed, or spread the load");
        }
        if (!change.isEmpty() && meta.status(now) == StreamStatus.ACTIVE) {
            carryOut(change, demand.stream(), measured.size());
        }
    }

    private void carryOut(CapacityChange change, LiveStream stream, int from) {
        try {
            Reshard.Plan plan = change.plan();
            StreamMeta changed = stream.reshard(
                    (meta, offset, now) -> {
                        if (meta.options().mode() != StreamMode.ON_DEMAND) {
                            throw ServiceException.inUse("Stream " + meta.name() + " is not in on-demand mode.");
                        }
                        return plan.apply(meta, offset, now);
                    },
                    clock.millis() + transition.toMillis());
            int to = changed.openShards().size();
            LOG.info(
                    "stream {}: {} open shards are now {}: {}",
                    changed.name(),
                    from,
                    to,
                    to > from
                            ? change.splits().size() + " were near their limits for " + StreamDemand.WINDOW.toSeconds()
                                    + " s, or warm throughput needs them"
                            : "they had little to do for " + CapacityChange.IDLE.toMinutes() + " min");
            listener.scaled(changed.name(), from, to);
        } catch (ServiceException overtaken) {
            LOG.debug(
                    "stream {}: changed by a call at this moment", stream.meta().name(), overtaken);
        } catch (IOException e) {
            heldBack.warn(
                    "unchanged " + stream.meta().name(),
                    "stream " + stream.meta().name() + ": its shards cannot be changed now, which will be tried again: "
                            + CauseText.orUnknown(e));
        }
    }
}
