package io.penstock.engine.api;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.LiveStream;
import io.penstock.engine.stream.StreamNames;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.wire.Input;
import java.time.Duration;

/**
 * What the operations share.
 *
 * @param clock what is stored has its stamps; what is shown has its dates
 * @param transition how long CREATING, UPDATING and DELETING last
 * @param retentionHours of new streams
 * @param memory what calls may hold in memory
 * @param meters what is counted
 */
record Context(
        Streams streams,
        StreamNames names,
        AgeClock clock,
        Duration transition,
        int retentionHours,
        CallMemory memory,
        EngineMeters meters) {
    /** The stream that the call names. */
    LiveStream stream(Input input) {
        return names.require(
                input.optionalText("StreamName"), input.optionalText("StreamARN"), input.optionalText("StreamId"));
    }

    /** The stream that the call names, ready to give records. */
    LiveStream usableStream(Input input) {
        return names.requireUsable(
                input.optionalText("StreamName"), input.optionalText("StreamARN"), input.optionalText("StreamId"));
    }

    /** Until when a transition that begins now lasts, by the clock. */
    long settlesAt() {
        return clock.millis() + transition.toMillis();
    }
}
