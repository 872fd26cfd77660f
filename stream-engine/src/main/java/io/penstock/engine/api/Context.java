package io.penstock.engine.api;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.Channels;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.watch.Watch;
import io.penstock.engine.wire.Input;
import java.time.Duration;

/**
 * What the operations share.
 *
 * @param clock stored data has its stamps, answers have its dates
 * @param transition how long CREATING, UPDATING and DELETING last
 * @param retentionHours of new streams
 * @param channels the channels of streams
 * @param memory limits the memory of calls
 * @param meters the engine's counters
 * @param watch the traffic and the readers of shards
 */
record Context(
        Streams streams,
        StreamNames names,
        AgeClock clock,
        Duration transition,
        int retentionHours,
        Channels channels,
        CallMemory memory,
        EngineMeters meters,
        Watch watch) {
    /** The stream that the call names. */
    LiveStream stream(Input input) {
        return names.require(
                input.scope(),
                input.optionalText("StreamName"),
                input.optionalText("StreamARN"),
                input.optionalText("StreamId"));
    }

    /** The stream that the call names; refused while it cannot return records. */
    LiveStream usableStream(Input input) {
        return names.requireUsable(
                input.scope(),
                input.optionalText("StreamName"),
                input.optionalText("StreamARN"),
                input.optionalText("StreamId"));
    }

    /** The end, by the clock, of a transition that begins now. */
    long settlesAt() {
        return clock.millis() + transition.toMillis();
    }
}
