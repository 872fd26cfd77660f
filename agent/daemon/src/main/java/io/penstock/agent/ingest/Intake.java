package io.penstock.agent.ingest;

import io.penstock.agent.route.Router;
import io.penstock.delivery.spool.Spools;
import io.penstock.delivery.spool.StreamId;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/**
 * What every source hands its events to. Its parts may be asked by any thread.
 *
 * @param router where events go
 * @param spools what keeps them until they are delivered
 * @param maxRecord the bytes of key and data together that a stream takes, as far as known
 * @param dead what keeps entries that no record can be made of
 * @param clock for the time that is added to records
 */
public record Intake(
        Router router, Spools spools, ToIntFunction<StreamId> maxRecord, DeadEntries dead, InstantSource clock) {
    /** The largest record of a stream with default settings (API reference, PutRecord). */
    public static final int DEFAULT_MAX_RECORD = 1024 * 1024;

    /** For sources that refuse what they cannot store. */
    public Intake(Router router, Spools spools, ToIntFunction<StreamId> maxRecord, InstantSource clock) {
        this(router, spools, maxRecord, DeadEntries.NOWHERE, clock);
    }

    /** With {@link #DEFAULT_MAX_RECORD} for every stream. */
    public Intake(Router router, Spools spools, InstantSource clock) {
        this(router, spools, stream -> DEFAULT_MAX_RECORD, clock);
    }
}
