package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.SenderMemory;
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
 * @param slot the stream's part of what its target's streams share
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
        TargetSendQueue.Slot slot,
        DeadLetters deadLetters) {}
