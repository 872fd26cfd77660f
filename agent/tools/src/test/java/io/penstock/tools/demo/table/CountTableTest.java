package io.penstock.tools.demo.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountTableTest {
    private Instant now = Instant.ofEpochSecond(1000);
    private final CountTable table = new CountTable(() -> now);

    private static Event view(int number, String id, String referrer) {
        return new Event(Kind.VIEW, id, number, 999_900, referrer, 0, 0);
    }

    @Test
    void anEventThatIsReadAgainIsCountedOnce() {
        table.take("shard-0", List.of(view(0, "a", "news"), view(1, "b", "news")));
        table.take("shard-0", List.of(view(1, "b", "news"), view(2, "c", "blog")));

        assertEquals(3, table.sums().counted());
        assertEquals(1, table.sums().duplicates());
        assertEquals(List.of(new CountTable.Row("news", 2), new CountTable.Row("blog", 1)), table.referrers());
        assertEquals(List.of(new CountTable.Row("shard-0", 3)), table.shards());
    }

    @Test
    void anEventThatItsProducerSentTwiceIsTold() {
        table.take("shard-0", List.of(view(0, "a", "news"), view(0, "b", "news")));

        assertEquals(1, table.sums().counted());
        assertEquals(0, table.sums().duplicates());
        assertEquals(1, table.sums().repeated());
    }

    @Test
    void whatIsMissingIsWhatHasAnAnswerAndIsNotHere() {
        table.take("shard-0", List.of(view(0, "a", "news"), view(2, "c", "news"), view(3, "d", "news")));

        assertEquals(1, table.missing(Map.of(Kind.VIEW, 3L)));
        assertEquals(3, table.missing(Map.of(Kind.VIEW, 3L, Kind.LOG, 2L)));
    }

    @Test
    void aDelayIsFromTheProducerToTheTable() {
        table.take("shard-0", List.of(view(0, "a", "news")));

        assertEquals(100, table.sums().delay50());
        assertEquals(100, table.sums().delay99());
    }

    @Test
    void aZoneHasTheBeaconsOfTheLastTenSeconds() {
        table.take("shard-0", List.of(new Event(Kind.BEACON, "a", 0, 0, "zone A", 0.1, 0.2)));
        now = now.plusSeconds(9);
        table.take("shard-0", List.of(new Event(Kind.BEACON, "b", 1, 0, "zone A", 0.1, 0.2)));
        assertEquals(List.of(new CountTable.Row("zone A", 2)), table.zones());

        now = now.plusSeconds(1);
        assertEquals(List.of(new CountTable.Row("zone A", 1)), table.zones());
    }

    @Test
    void theFloorCools() {
        table.take("shard-0", List.of(new Event(Kind.BEACON, "a", 0, 0, "zone A", 0, 0)));

        assertEquals(1, table.heat()[0]);
        assertEquals(0.9, table.heat()[0], 1e-9);
    }
}
