package io.penstock.agent.faults;

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
 */
public record FaultPlan(Map<Fault, Double> shares, double throttledRecords, int latencyMillis) {
    /** No fault at all. */
    public static final FaultPlan NONE = new FaultPlan(Map.of(), 0, 0);

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
        shares = Map.copyOf(shares);
    }

    public FaultPlan with(Fault fault, double share) {
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(shares);
        changed.put(fault, share);
        return new FaultPlan(changed, throttledRecords, latencyMillis);
    }

    public FaultPlan withThrottledRecords(double share) {
        return new FaultPlan(shares, share, latencyMillis);
    }

    public FaultPlan withLatencyMillis(int millis) {
        return new FaultPlan(shares, throttledRecords, millis);
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
