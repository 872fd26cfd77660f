package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitListTest {
    private final List<Runnable> registered = new ArrayList<>();
    private final List<Integer> woken = new ArrayList<>();
    private final WaitList list = new WaitList(registered::add, () -> woken.add(-1));

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
}
