package io.penstock.agent.live;

import io.penstock.agent.admin.BridgeStatus;
import io.penstock.agent.live.Occurrence.Kind;
import io.penstock.agent.live.Occurrence.Level;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Place;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the timeline: compares each reading with the one before it. A condition that begins or ends is one line. If
 * many places change in the same way at once, they share one line, so that a target that is away does not push
 * everything else out.
 */
@OwnedBy(ThreadRole.HOLDER)
final class Changes {
    private static final int LINES_OF_ONE_NAME = 3;
    private static final int NAMED = 5;

    private final Timeline timeline;
    private Map<Key, Condition> conditions = Map.of();
    private Map<StreamId, Integer> shards = Map.of();
    private Set<String> connected = Set.of();
    private boolean started;

    private record Key(ConditionName name, Place place) {}

    Changes(Timeline timeline) {
        this.timeline = timeline;
    }

    void look(Reading now) {
        conditions(now.state().conditions());
        streams(now.streams());
        Set<String> bridges = new HashSet<>();
        for (BridgeStatus bridge : now.state().bridges()) {
            if (bridge.condition() == BridgeStatus.Condition.CONNECTED) {
                bridges.add(bridge.name());
                if (!connected.contains(bridge.name())) {
                    timeline.add(
                            Kind.BRIDGE, Level.GOOD, "Bridge " + bridge.name() + " is connected to " + bridge.broker());
                }
            }
        }
        connected = bridges;
        started = now.state().conditions().stream().noneMatch(each -> each.name() == ConditionName.STARTING);
    }

    private void conditions(List<Condition> present) {
        Map<Key, Condition> next = new LinkedHashMap<>();
        Map<ConditionName, List<Condition>> begun = new LinkedHashMap<>();
        for (Condition condition : present) {
            if (condition.name() == ConditionName.STARTING) {
                continue; // the line of the start follows
            }
            Key key = new Key(condition.name(), condition.place());
            next.put(key, condition);
            if (!conditions.containsKey(key)) {
                begun.computeIfAbsent(condition.name(), none -> new ArrayList<>())
                        .add(condition);
            }
        }
        Map<ConditionName, List<Condition>> over = new LinkedHashMap<>();
        conditions.forEach((key, condition) -> {
            if (!next.containsKey(key)) {
                over.computeIfAbsent(key.name(), none -> new ArrayList<>()).add(condition);
            }
        });
        begun.forEach(this::begun);
        over.forEach(this::over);
        conditions = next;
    }

    private void begun(ConditionName name, List<Condition> all) {
        Level level = Level.of(all.get(0));
        if (all.size() > LINES_OF_ONE_NAME) {
            timeline.add(
                    Kind.CONDITION,
                    level,
                    name.id() + ", " + places(all) + ": " + all.get(0).sentence());
            return;
        }
        all.forEach(each ->
                timeline.add(Kind.CONDITION, Level.of(each), each.id() + ", " + each.place() + ": " + each.sentence()));
    }

    private void over(ConditionName name, List<Condition> all) {
        if (all.size() > LINES_OF_ONE_NAME) {
            timeline.add(Kind.RECOVERED, Level.GOOD, name.id() + " is over, " + places(all));
            return;
        }
        all.forEach(each -> timeline.add(Kind.RECOVERED, Level.GOOD, each.id() + " is over, " + each.place()));
    }

    private static String places(List<Condition> all) {
        return Names.of(
                all.stream().limit(NAMED).map(each -> each.place().toString()).toList(), all.size());
    }

    private void streams(List<StreamReading> all) {
        Map<StreamId, Integer> next = new HashMap<>();
        List<String> appeared = new ArrayList<>();
        for (StreamReading stream : all) {
            StreamId id = stream.spool().stream();
            int before = shards.getOrDefault(id, -1);
            int now = stream.shards();
            next.put(id, now == 0 && before > 0 ? before : now);
            if (before < 0) {
                appeared.add(stream.name());
            } else if (before > 0 && now > 0 && before != now) {
                timeline.add(
                        Kind.RESHARD,
                        Level.INFO,
                        "Stream " + stream.name() + " has " + now + (now == 1 ? " shard" : " shards") + " now, "
                                + before + " before");
            }
        }
        if (started && !appeared.isEmpty()) {
            timeline.add(
                    Kind.STREAM,
                    Level.INFO,
                    (appeared.size() == 1 ? "New stream " : appeared.size() + " new streams: ")
                            + Names.of(appeared.stream().limit(NAMED).toList(), appeared.size()));
        }
        shards = next;
    }
}
