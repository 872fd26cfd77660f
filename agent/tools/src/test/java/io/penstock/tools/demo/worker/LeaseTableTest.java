package io.penstock.tools.demo.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaseTableTest {
    private static final ReadShard LEFT = new ReadShard("0", List.of(), true, 0, 0.5);
    private static final ReadShard RIGHT = new ReadShard("1", List.of(), true, 0.5, 1);
    private static final List<ReadShard> TWO = List.of(LEFT, RIGHT);

    private long nanos;
    private final LeaseTable leases = new LeaseTable(() -> nanos);

    private List<String> renewed(String worker, List<ReadShard> shards) {
        return leases.renew(worker, shards).stream().map(Lease::shard).toList();
    }

    private void pass(long seconds) {
        nanos += seconds * 1_000_000_000L;
    }

    @Test
    void aSecondWorkerGetsItsShare() {
        assertEquals(List.of("0", "1"), renewed("a", TWO));
        assertEquals(List.of(), renewed("b", TWO));
        assertEquals(List.of("1"), renewed("a", TWO));
        assertEquals(List.of("0"), renewed("b", TWO));
    }

    @Test
    void theLeasesOfADeadWorkerGoToTheOthersWithWhatItHasCounted() {
        renewed("a", TWO);
        renewed("b", TWO);
        renewed("a", TWO);
        renewed("b", TWO);
        assertTrue(leases.counted("a", "1", "17", false));

        pass(2);
        renewed("b", TWO);
        pass(2);

        assertEquals(List.of(new Lease("0", ""), new Lease("1", "17")), leases.renew("b", TWO));
        assertEquals(Map.of("b", List.of("0", "1")), leases.holders());
    }

    @Test
    void aWorkerThatHasLostItsLeaseMovesNothing() {
        renewed("a", List.of(LEFT));
        pass(4);
        renewed("b", List.of(LEFT));

        assertFalse(leases.counted("a", "0", "99", false));
        assertEquals(List.of(new Lease("0", "")), leases.renew("b", List.of(LEFT)));
    }

    @Test
    void aShardIsReadOnceItsParentIsReadToItsEnd() {
        ReadShard parent = new ReadShard("0", List.of(), false, 0, 1);
        List<ReadShard> split = List.of(
                parent, new ReadShard("1", List.of("0"), true, 0, 0.5), new ReadShard("2", List.of("0"), true, 0.5, 1));

        assertEquals(List.of("0"), renewed("a", split));
        leases.counted("a", "0", "5", true);
        assertEquals(List.of("1", "2"), renewed("a", split));
    }

    @Test
    void aWorkerOfTheKclSaysWhatItHolds() {
        leases.hold("a", List.of("0", "1"));
        leases.hold("b", List.of("1"));
        leases.hold("a", List.of("0"));

        assertEquals(Map.of("a", List.of("0"), "b", List.of("1")), leases.holders());
    }
}
