package io.penstock.agent.kinesisapi;

import io.netty.channel.EventLoop;
import io.penstock.agent.route.Destination;
import io.penstock.agent.route.KeyFields;
import io.penstock.delivery.spool.Spool;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.put.PutBatch;
import io.penstock.engine.put.PutTarget;
import io.penstock.engine.put.Puts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One stream that puts go to, under whatever names calls lead to it: a lane for each event loop. Thread-safe. */
final class SpoolStream {
    private static final String NUMBER = "0|[1-9]\\d{0,128}";

    private final Destination destination;
    private final Spool spool;
    private final SpoolPuts puts;
    private final ShardNumbers shards;
    private final Map<EventLoop, SpoolLane> lanes = new ConcurrentHashMap<>();

    SpoolStream(Destination destination, Spool spool, SpoolPuts puts) {
        this.destination = destination;
        this.spool = spool;
        this.puts = puts;
        this.shards = new ShardNumbers(
                () -> puts.targets().shards(destination.stream()),
                System.nanoTime() + puts.limits().shardsWait().toNanos());
    }

    private int maxRecordBytes() {
        return puts.intake().maxRecord().applyAsInt(destination.stream());
    }

    /** Every number that the service could have issued will do: the spool keeps the order of a key in any case. */
    private static void checkOrder(String sequenceNumber) {
        if (!sequenceNumber.matches(NUMBER)) {
            throw ServiceException.validation("1 validation error detected: Value '" + sequenceNumber
                    + "' at 'sequenceNumberForOrdering' failed to satisfy constraint: Member must satisfy regular"
                    + " expression pattern: 0|([1-9]\\d{0,128})");
        }
    }

    private void put(PutBatch batch, Puts.Call call, KeyFields called) {
        if (puts.targets().absent(destination.stream())) {
            throw ServiceException.notFound("Stream " + destination.stream().stream() + " not found at target "
                    + destination.stream().target() + " of the agent.");
        }
        lane(call.loop()).put(batch, call, called);
    }

    private SpoolLane lane(EventLoop loop) {
        SpoolLane lane = lanes.get(loop);
        if (lane == null) {
            // Those of listeners that are gone.
            lanes.keySet().removeIf(EventLoop::isTerminated);
            lane = lanes.computeIfAbsent(loop, key -> new SpoolLane(key, destination, spool, puts, shards));
        }
        return lane;
    }

    /** The stream of one call, which names it as {@code called} says. */
    record Called(SpoolStream stream, KeyFields called) implements PutTarget.Stream {
        @Override
        public int maxRecordBytes() {
            return stream.maxRecordBytes();
        }

        /** Also of a target that would spread the records: the spool keeps the order of each key. */
        @Override
        public boolean needsKeys() {
            return true;
        }

        @Override
        public void checkOrdering(String sequenceNumber) {
            checkOrder(sequenceNumber);
        }

        @Override
        public boolean put(PutBatch batch, Puts.Call call) {
            stream.put(batch, call, called);
            return true;
        }
    }
}
