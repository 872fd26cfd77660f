package io.penstock.engine;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.put.Puts;
import io.penstock.engine.stream.Resharding;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.watch.Watch;

/**
 * What a console needs of a running engine.
 *
 * @param clock dates what the streams' metadata and records have
 * @param puts takes records as a call does; on event loops only
 */
public record EngineView(Streams streams, AgeClock clock, Watch watch, Puts puts, Resharding resharding) {}
