package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.AutoCreate;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What one stream's sender works with.
 *
 * @param windowBytes records that it may hold in memory
 * @param probeEvery how often a parked stream is tried
 * @param clock nanoseconds, from zero, never falling
 * @param random of the sender's own
 * @param uplink the stream's part of what its target's streams share
 */
record SenderSettings(
        CallLimits limits,
        boolean perKey,
        double shardRate,
        AutoCreate autoCreate,
        long windowBytes,
        Duration probeEvery,
        LongSupplier clock,
        RandomGenerator random,
        SenderMemory memory,
        Uplink.Share uplink,
        DeadLetters deadLetters) {}
