package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MutableRoomTest {
    private final ManualLoop loop = new ManualLoop();
    private final MutableRoom room = new MutableRoom();
    private final List<Integer> woken = new ArrayList<>();

    private Waiter content(int number) {
        return new Waiter(loop, () -> woken.add(number));
    }

    /** Waits again as soon as it is woken. */
    private Waiter greedy(int number) {
        Waiter[] self = new Waiter[1];
        self[0] = new Waiter(loop, () -> {
            woken.add(number);
            room.await(self[0]);
        });
        return self[0];
    }

    private void tell() {
        room.tell();
        loop.runAll();
    }

    @Test
    void aWaiterThatUsesUpTheRoomEachTimeLeavesTheNextRoomToThoseBehindIt() {
        for (int i = 1; i <= 3; i++) {
            room.await(greedy(i));
        }
        for (int times = 0; times < 4; times++) {
            tell();
        }
        assertEquals(List.of(1, 2, 3, 1), woken);
    }

    @Test
    void oneSignWakesAllThatDoNotWaitAgainAlsoWhenOneThrows() {
        room.await(content(1));
        room.await(new Waiter(loop, () -> {
            throw new IllegalStateException("a defect");
        }));
        room.await(content(2));
        tell();
        tell();
        assertEquals(List.of(1, 2), woken);
    }

    @Test
    void roomThatComesBetweenTheLookAndTheWaitIsTold() {
        room.tell();
        room.await(content(1));
        loop.runAll();
        assertEquals(List.of(1), woken);

        room.await(content(2));
        loop.runAll();
        assertEquals(List.of(1), woken);
    }

    @Test
    void roomThatCameBeforeTheFirstWaitOfALoopIsTold() {
        room.tell();
        room.await(content(1));
        loop.runAll();
        assertEquals(List.of(1), woken);
    }

    @Test
    void signsThatComeWhileAWaiterHasItsTurnMakeAnotherRound() {
        Waiter[] self = new Waiter[1];
        self[0] = new Waiter(loop, () -> {
            woken.add(1);
            room.tell();
            if (woken.size() < 3) {
                room.await(self[0]);
            }
        });
        room.await(self[0]);
        room.await(content(2));
        tell();
        assertEquals(List.of(1, 2, 1), woken);
    }

    @Test
    void whereWaitersStandInLineItIsCrowdedUntilTheyHaveTheirTurn() {
        assertFalse(room.isCrowded(loop));
        List<Boolean> seen = new ArrayList<>();
        Waiter first = new Waiter(loop, () -> seen.add(room.isCrowded(loop)));
        room.await(first);
        room.await(greedy(2));
        assertTrue(room.isCrowded(loop));
        assertFalse(room.isCrowded(new ManualLoop()));
        tell();
        assertEquals(List.of(false), seen);
        assertTrue(room.isCrowded(loop));
    }

    @Test
    void waitersThatComeAndGoLeaveNothingBehind() {
        for (int i = 0; i < 1_000; i++) {
            Waiter waiter = content(i);
            room.await(waiter);
            waiter.cancel();
        }
        assertFalse(room.isCrowded(loop));
        tell();
        assertEquals(List.of(), woken);
    }

    @Test
    void whereNothingTellsOfRoomAWaiterTriesAgainAfterAWhileUnlessItLeft() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        Room later = Room.after(Duration.ofSeconds(5));
        Waiter kept = new Waiter(channel.eventLoop(), () -> woken.add(1));
        Waiter left = new Waiter(channel.eventLoop(), () -> woken.add(2));
        later.await(kept);
        later.await(left);
        left.cancel();
        channel.advanceTimeBy(4, TimeUnit.SECONDS);
        channel.runPendingTasks();
        assertEquals(List.of(), woken);
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runPendingTasks();
        assertEquals(List.of(1), woken);
        channel.finishAndReleaseAll();
    }
}
