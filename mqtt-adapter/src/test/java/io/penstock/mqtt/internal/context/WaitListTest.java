package io.penstock.mqtt.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitListTest {
    private final List<Runnable> registered = new ArrayList<>();
    private final List<Integer> woken = new ArrayList<>();
    private final WaitList list = new WaitList(registered::add, false, () -> woken.add(-1));

    @Test
    void aConnectionThatThrowsDoesNotKeepThoseBehindItWaiting() {
        list.add(new Wait(() -> woken.add(1)));
        list.add(new Wait(() -> {
            throw new IllegalStateException("a defect");
        }));
        list.add(new Wait(() -> woken.add(2)));
        registered.get(0).run();
        assertEquals(List.of(1, 2, -1), woken);
    }

    @Test
    void aConnectionThatUsesUpTheRoomEachTimeLeavesTheNextRoomToThoseBehindIt() {
        WaitList room = new WaitList(registered::add, true, () -> {});
        for (int i = 1; i <= 3; i++) {
            room.add(greedy(room, i));
        }
        for (int times = 0; times < 4; times++) {
            registered.remove(0).run();
        }
        assertEquals(List.of(1, 2, 3, 1), woken);
    }

    @Test
    void allThatWaitForAnAdvanceAreWokenByEachOne() {
        for (int i = 1; i <= 2; i++) {
            list.add(greedy(list, i));
        }
        registered.remove(0).run();
        registered.remove(0).run();
        assertEquals(List.of(1, 2, 1, 2), woken);
    }

    /** Waits again as soon as it is woken. */
    private Wait greedy(WaitList where, int number) {
        Wait[] self = new Wait[1];
        self[0] = new Wait(() -> {
            woken.add(number);
            where.add(self[0]);
        });
        return self[0];
    }
}
