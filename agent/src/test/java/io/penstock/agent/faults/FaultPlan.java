package io.penstock.agent.faults;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which share of the put calls meets which fault, and which share of the records of the others is throttled.
 *
 * @param shares by fault, 0 to 1, together at most 1
 * @param throttledRecords share of single records, 0 to 1
 * @param latencyMillis added to every call, at most
 * @param shardLimit what a shard takes in a second, in multiples of 1 MiB and 1,000 records; infinite for no limit
 * @param reshardSeconds how often each stream is resharded, to half as many shards more and back; 0 for never
 */
public record FaultPlan(
        Map<Fault, Double> shares, double throttledRecords, int latencyMillis, double shardLimit, int reshardSeconds) {
    /** No fault at all. */
    public static final FaultPlan NONE = new FaultPlan(Map.of(), 0, 0, Double.POSITIVE_INFINITY, 0);

    /** What can befall a call. */
    public enum Fault {
        /** 500 InternalFailure, nothing stored. */
        ERROR_500,
        /** The connection is reset before anything is stored. */
        RESET_BEFORE,
        /** The connection is reset after everything was stored. */
        RESET_AFTER,
        /** No answer, ever; nothing stored. */
        HANG,
        /** 400 ExpiredTokenException. */
        EXPIRED,
        /** 400 AccessDeniedException. */
        DENIED,
        /** 400 ResourceNotFoundException, as while a stream is deleted and made again. */
        MISSING,
        /** The request is read a little at a time. */
        SLOW_READ,
        /** The answer trickles byte by byte. */
        SLOW_ANSWER
    }

    public FaultPlan {
        // In the order of the enumeration, so that a seed draws the same faults in every process.
        shares = Collections.unmodifiableMap(shares.isEmpty() ? new EnumMap<>(Fault.class) : new EnumMap<>(shares));
    }

    public FaultPlan with(Fault fault, double share) {
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(shares);
        changed.put(fault, share);
        return new FaultPlan(changed, throttledRecords, latencyMillis, shardLimit, reshardSeconds);
    }

    public FaultPlan withThrottledRecords(double share) {
        return new FaultPlan(shares, share, latencyMillis, shardLimit, reshardSeconds);
    }

    public FaultPlan withLatencyMillis(int millis) {
        return new FaultPlan(shares, throttledRecords, millis, shardLimit, reshardSeconds);
    }

    public FaultPlan withShardLimit(double limit) {
        return new FaultPlan(shares, throttledRecords, latencyMillis, limit, reshardSeconds);
    }

    public FaultPlan withReshardSeconds(int seconds) {
        return new FaultPlan(shares, throttledRecords, latencyMillis, shardLimit, seconds);
    }

    /** Some of everything that does not park a stream, each rare enough that records get through. */
    public static FaultPlan mixture(RandomGenerator random) {
        FaultPlan plan = NONE.withThrottledRecords(random.nextDouble(0.2)).withLatencyMillis(random.nextInt(1, 20));
        for (Fault fault : Fault.values()) {
            if (fault != Fault.DENIED && fault != Fault.HANG && random.nextBoolean()) {
                plan = plan.with(fault, random.nextDouble(0.08));
            }
        }
        return plan;
    }

    /** Whether no call and no record fails for sure. */
    public boolean harmless() {
        return shares.values().stream().allMatch(share -> share == 0) && throttledRecords == 0;
    }

    boolean limitsShards() {
        return !Double.isInfinite(shardLimit);
    }

    /** From words such as {@code reset-after=0.1 throttle=0.2 latency=50}. */
    public static FaultPlan parse(Iterable<String> words) {
        FaultPlan plan = NONE;
        for (String word : words) {
            String[] parts = word.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException(word + ": expected name=value");
            }
            double value = Double.parseDouble(parts[1]);
            plan = switch (parts[0]) {
                case "throttle" -> plan.withThrottledRecords(value);
                case "latency" -> plan.withLatencyMillis((int) value);
                case "limit" -> plan.withShardLimit(value);
                case "reshard" -> plan.withReshardSeconds((int) value);
                default -> plan.with(Fault.valueOf(parts[0].replace('-', '_').toUpperCase(Locale.ROOT)), value);
            };
        }
        return plan;
    }

    /** The fault that befalls the next call; null for none. */
    @Nullable
    Fault draw(RandomGenerator random) {
        double draw = random.nextDouble();
        for (Map.Entry<Fault, Double> each : shares.entrySet()) {
            draw -= each.getValue();
            if (draw < 0) {
                return each.getKey();
            }
        }
        return null;
    }
}
