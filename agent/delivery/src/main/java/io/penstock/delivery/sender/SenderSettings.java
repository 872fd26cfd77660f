package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.SenderMemory;
import io.penstock.delivery.sender.status.DelayListener;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The parameters of one stream's sender.
 *
 * @param clock nanoseconds, from zero, never falling
 * @param random used by this sender only
 * @param slot the stream's share of the target's common limits
 */
record SenderSettings(
        Rules rules,
        LongSupplier clock,
        RandomGenerator random,
        SenderMemory memory,
        TargetSendQueue.Slot slot,
        DeadLetters deadLetters,
        DelayListener delays) {

    /** Without a listener. */
    SenderSettings(
            Rules rules,
            LongSupplier clock,
            RandomGenerator random,
            SenderMemory memory,
            TargetSendQueue.Slot slot,
            DeadLetters deadLetters) {
        this(rules, clock, random, memory, slot, deadLetters, DelayListener.NONE);
    }

    /**
     * How the sender sends, from the target's settings.
     *
     * @param perKey true if the records of one partition key keep their order
     * @param shardRate rate of one shard before its first throttle, in multiples of the shard's own limit
     * @param windowBytes records that the sender may hold in memory
     * @param probeEvery the interval between tries of a parked stream
     */
    record Rules(
            CallLimits limits,
            boolean perKey,
            double shardRate,
            AutoCreate autoCreate,
            long windowBytes,
            Duration probeEvery) {}
}
