package io.penstock.agent.condition;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.SpoolStatus;
import io.penstock.delivery.spool.StreamId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of streams and targets. What keeps several streams of one target from being delivered for one reason,
 * such as a host without an address, is one condition of the target. Stateless.
 */
public final class StreamFindings {
    /** What concerns all streams of a target alike. */
    private static final Set<ConditionName> OF_TARGET = EnumSet.of(
            ConditionName.HOST_UNKNOWN,
            ConditionName.CONNECTION_REFUSED,
            ConditionName.UNREACHABLE,
            ConditionName.TLS_UNTRUSTED,
            ConditionName.TLS_WRONG_NAME,
            ConditionName.TLS_NOT_VALID_NOW,
            ConditionName.TLS_FAILED,
            ConditionName.PROXY_OR_LOGIN_PAGE,
            ConditionName.PROXY_LOGIN,
            ConditionName.NO_ANSWER,
            ConditionName.CONNECTION_LOST,
            ConditionName.CLOCK_SKEW,
            ConditionName.CREDENTIALS,
            ConditionName.SERVICE_ERROR,
            ConditionName.TARGET_REMOVED);

    private StreamFindings() {}

    private record OfTarget(String target, ConditionName name) {}

    /** How many streams wait, and the words of the first by name. */
    private record Waiting(Explanation why, int streams) {}

    /** @param skews the targets whose clocks differ from this machine's */
    public static List<Finding> of(
            List<SpoolStatus> spools, List<StreamStatus> senders, Map<String, Explanation> skews) {
        Map<StreamId, StreamStatus> sending = new HashMap<>();
        senders.forEach(sender -> sending.put(sender.stream(), sender));
        List<Finding> found = new ArrayList<>();
        Map<OfTarget, Waiting> targets = new LinkedHashMap<>();
        skews.forEach((target, why) -> targets.put(new OfTarget(target, why.name()), new Waiting(why, 0)));
        spools.stream()
                .filter(spool -> mayHaveFindings(spool, sending.get(spool.stream())))
                .sorted(Comparator.comparing(spool -> spool.stream().toString()))
                .forEach(spool -> {
                    spool(spool, found);
                    StreamStatus sender = sending.get(spool.stream());
                    if (sender != null) {
                        sender(spool, sender, found, targets);
                    }
                });
        targets.forEach((of, waiting) -> found.add(new Finding(Place.target(of.target()), words(waiting))));
        return found;
    }

    /** Of thousands of streams, most have none: only the others are put in order. */
    private static boolean mayHaveFindings(SpoolStatus spool, @Nullable StreamStatus sender) {
        return spool.why().isPresent()
                || !spool.losses().damage().isEmpty()
                || spool.losses().dropped() > 0
                || sender != null
                        && (sender.why().isPresent()
                                || sender.deadLetters().onDisk() > 0
                                || !sender.keys().advice().isEmpty()
                                || sender.keys().ignored()
                                || sender.effort().rebuilt() > 0);
    }

    private static Explanation words(Waiting waiting) {
        Explanation why = waiting.why();
        return waiting.streams() < 2
                ? why
                : new Explanation(
                        why.name(), why.sentence() + " (" + waiting.streams() + " streams wait)", why.remedy());
    }

    private static void spool(SpoolStatus spool, List<Finding> found) {
        Place place = place(spool.stream());
        spool.why().ifPresent(why -> found.add(new Finding(place, why)));
        if (!spool.losses().damage().isEmpty()) {
            found.add(Finding.of(ConditionName.DAMAGE, place, spool.losses().damage()));
        }
        if (spool.losses().dropped() > 0) {
            found.add(Finding.of(
                    ConditionName.EVENTS_LOST,
                    place,
                    spool.losses().dropped() + " events were given up since the start because its spool was full, as"
                            + " spool.when-full says"));
        }
    }

    private static void sender(
            SpoolStatus spool, StreamStatus sender, List<Finding> found, Map<OfTarget, Waiting> targets) {
        Place place = place(spool.stream());
        why(spool, sender).ifPresent(why -> {
            if (OF_TARGET.contains(why.name())) {
                targets.merge(
                        new OfTarget(spool.stream().target(), why.name()),
                        new Waiting(why, 1),
                        (first, next) -> new Waiting(first.why(), first.streams() + 1));
            } else {
                found.add(new Finding(place, why));
            }
        });
        if (sender.deadLetters().onDisk() > 0) {
            found.add(Finding.of(
                    ConditionName.DEAD_LETTERS,
                    place,
                    sender.deadLetters().onDisk() + (sender.deadLetters().onDisk() == 1 ? " event is" : " events are")
                            + " in its dead-letter file: the target refused them for good"));
        }
        advice(sender.keys().advice()).ifPresent(why -> found.add(new Finding(place, why)));
        if (sender.keys().ignored()) {
            found.add(Finding.of(
                    ConditionName.KEYS_IGNORED,
                    place,
                    "its record distribution strategy is AUTO: the stream spreads records over its shards and ignores"
                            + " partition keys, so that records of one key have no order and are not aggregated"));
        }
        long rebuilt = sender.effort().rebuilt();
        if (rebuilt > 0) {
            found.add(Finding.of(
                    ConditionName.DEFECT,
                    place,
                    "its sender met an unexpected error and was built anew, " + rebuilt
                            + (rebuilt == 1 ? " time" : " times") + " since the start"));
        }
    }

    /** A stream without anything to send is in no trouble, whatever its last call met. */
    private static Optional<Explanation> why(SpoolStatus spool, StreamStatus sender) {
        return switch (sender.state()) {
            // What delivers has a reason only while its calls hang.
            case DELIVERING, PARKED, BACKING_OFF, CREATING -> sender.why();
            case THROTTLED -> spool.records() == 0 ? Optional.empty() : sender.why();
            case STOPPED -> Optional.empty();
        };
    }

    private static Optional<Explanation> advice(String advice) {
        if (advice.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = advice.split("; ", 2);
        return Optional.of(new Explanation(ConditionName.HOT_KEY, parts[0], parts.length == 2 ? parts[1] : ""));
    }

    private static Place place(StreamId stream) {
        return Place.stream(stream.toString());
    }
}
