package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomQueueTest {
    private final ManualLoop loop = new ManualLoop();
    private final MutableRoom room = new MutableRoom();
    private final List<Integer> tried = new ArrayList<>();
    private final RoomQueue<Integer> queue = new RoomQueue<>(loop, room, this::attempt);
    private int free;

    private boolean attempt(Integer item) {
        tried.add(item);
        if (item < 0) {
            throw new IllegalStateException("a defect");
        }
        return free-- > 0;
    }

    private void free(int places) {
        free = places;
        room.tell();
        loop.runAll();
    }

    @Test
    void itemsLeaveInTheOrderOfTheirComingAndTheFirstKeepsItsPlace() {
        for (int i = 1; i <= 3; i++) {
            queue.add(i);
        }
        loop.runAll();
        tried.clear();
        free(0);
        free(1);
        assertEquals(List.of(1, 1, 2), tried);
        free(5);
        assertEquals(List.of(1, 1, 2, 2, 3), tried);
        assertFalse(queue.isCrowded());
    }

    @Test
    void anItemThatThrowsLeavesAndThoseBehindItGoOn() {
        queue.add(-1);
        queue.add(2);
        free(1);
        assertEquals(List.of(-1, 2), tried);
        assertFalse(queue.isCrowded());
    }

    @Test
    void anItemThatGivesUpIsNotTriedAndLeavesNothingBehind() {
        queue.add(1);
        assertTrue(queue.remove(1));
        assertFalse(queue.remove(1));
        free(1);
        assertEquals(List.of(), tried);
        assertFalse(room.isCrowded(loop));
    }

    @Test
    void theOwnerMayTryWithoutASign() {
        queue.add(1);
        loop.runAll();
        free = 1;
        queue.retry();
        assertFalse(queue.isCrowded());
        assertFalse(room.isCrowded(loop));
    }

    @Test
    void anAttemptMayAddAnItemAndTryAgain() {
        RoomQueue<?>[] self = new RoomQueue<?>[1];
        List<Integer> gone = new ArrayList<>();
        RoomQueue<Integer> again = new RoomQueue<>(loop, room, item -> {
            gone.add(item);
            self[0].retry();
            return true;
        });
        self[0] = again;
        again.add(1);
        again.add(2);
        room.tell();
        loop.runAll();
        assertEquals(List.of(1, 2), gone);
    }
}
