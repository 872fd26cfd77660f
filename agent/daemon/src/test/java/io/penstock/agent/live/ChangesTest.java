package io.penstock.agent.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.agent.admin.BridgeStatus;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Place;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes a line of the timeline. */
class ChangesTest {
    private final Scene scene = new Scene();
    private final Timeline timeline = new Timeline(() -> Scene.START);
    private final Changes changes = new Changes(timeline);

    private List<String> look() {
        long before = timeline.last();
        changes.look(scene.reading(Duration.ofMinutes(1)));
        return timeline.latest((int) (timeline.last() - before)).stream()
                .map(each -> each.level() + " " + each.text())
                .toList();
    }

    @Test
    void aConditionIsALineWhenItBeginsAndWhenItIsOver() {
        assertEquals(List.of(), look());
        scene.finds(ConditionName.ACCESS_DENIED, Place.stream("orders"), "the user may not write");
        assertEquals(List.of("BAD access-denied, stream orders: the user may not write"), look());
        assertEquals(List.of(), look());
        scene.findings.clear();
        assertEquals(List.of("GOOD access-denied is over, stream orders"), look());
    }

    @Test
    void aStartIsNeitherAConditionNorAreTheStreamsThatItOpensNew() {
        scene.finds(ConditionName.STARTING, Place.AGENT, "starting");
        assertEquals(List.of(), look());
        scene.stream("orders");
        assertEquals(List.of(), look());
        scene.findings.clear();
        scene.stream("audit");
        assertEquals(List.of(), look());
        scene.stream("late");
        assertEquals(List.of("INFO New stream late"), look());
    }

    @Test
    void manyPlacesOfOneConditionShareALine() {
        look();
        for (int i = 0; i < 9; i++) {
            scene.finds(ConditionName.THROTTLED, Place.stream("s" + i), "1 shard is at its limit");
        }
        assertEquals(
                List.of(
                        "WARNING throttled, stream s0, stream s1, stream s2, stream s3, stream s4 and 4 more: 1 shard is"
                                + " at its limit"),
                look());
        scene.findings.clear();
        assertEquals(1, look().size());
    }

    @Test
    void aReshardAndANewStreamAreLines() {
        Scene.Stream orders = scene.stream("orders");
        orders.shards = 2;
        assertEquals(List.of(), look(), "what is there at the start is not new");
        orders.shards = 4;
        scene.stream("audit");
        assertEquals(List.of("INFO New stream audit", "INFO Stream orders has 4 shards now, 2 before"), look());
    }

    @Test
    void shardsThatAreUnknownForAMomentAreNotAReshard() {
        Scene.Stream orders = scene.stream("orders");
        orders.shards = 2;
        look();
        orders.shards = 0;
        assertEquals(List.of(), look());
        orders.shards = 2;
        assertEquals(List.of(), look());
        orders.shards = 3;
        assertEquals(List.of("INFO Stream orders has 3 shards now, 2 before"), look());
    }

    @Test
    void aBridgeThatIsConnectedIsALine() {
        look();
        scene.bridges.add(Scene.bridge("plant", "mqtt://b:1883", BridgeStatus.Condition.CONNECTED, ""));
        assertEquals(List.of("GOOD Bridge plant is connected to mqtt://b:1883"), look());
        assertEquals(List.of(), look());
    }

    @Test
    void theTimelineKeepsTheLatestAndCutsLongTexts() {
        for (int i = 0; i <= Timeline.MOST; i++) {
            timeline.add(Occurrence.Kind.RELOAD, Occurrence.Level.INFO, i + " " + "x".repeat(10_000));
        }
        List<Occurrence> all = timeline.latest(10_000);
        assertEquals(Timeline.MOST, all.size());
        assertEquals(Timeline.MOST + 1, all.get(0).id());
        assertEquals(601, all.get(0).text().length());
    }
}
