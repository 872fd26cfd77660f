package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Stores that rise and fail, rooms that open and close, and connections of several loops that owe, wait, throw, answer
 * within answers and close: one random step at a time. The pending answers are compared with a plain queue.
 */
class AckCoreModelTest {
    private static final int RUNS = 300;

    /** Only some runs have defects, because each one logs a stack trace. */
    private static final int RUNS_FOR_A_DEFECT = 25;

    private static final int STEPS = 400;

    @Test
    void whatIsOwedIsAnsweredOnceInOrderAndTruly() {
        long seed = new Random().nextLong();
        for (int run = 0; run < RUNS; run++) {
            new OwingModel(seed + run, run % RUNS_FOR_A_DEFECT == 0).run();
        }
    }

    @Test
    void whatWaitsForRoomIsServedInTurnAndNothingIsForgotten() {
        long seed = new Random().nextLong();
        for (int run = 0; run < RUNS; run++) {
            new RoomModel(seed + run, run % RUNS_FOR_A_DEFECT == 0).run();
        }
    }

    private static final class Store {
        final MutableWatermark mark = new MutableWatermark();
        long next;

        void rise(Random random) {
            mark.raise(mark.end() + random.nextInt((int) (next - mark.end()) + 1));
        }
    }

    private record Debt(Store store, long offset, int number) {}

    private static final class OwingModel {
        private final Random random;
        private final String seed;
        private final boolean defects;
        private final List<ManualLoop> loops = List.of(new ManualLoop(), new ManualLoop());
        private final List<Store> stores = List.of(new Store(), new Store(), new Store());
        private final List<Connection> connections = new ArrayList<>();
        private int numbers;
        private @Nullable AssertionError wrong;

        OwingModel(long seed, boolean defects) {
            this.defects = defects;
            this.random = new Random(seed);
            this.seed = "seed " + seed;
            for (int i = 0; i < 6; i++) {
                connections.add(new Connection(loops.get(i % 2)));
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                Connection one = connections.get(random.nextInt(connections.size()));
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> one.owe();
                    case 4 -> one.settle();
                    case 5, 6 -> stores.get(random.nextInt(3)).rise(random);
                    case 7, 8, 9 -> loops.get(random.nextInt(2)).runOne();
                    case 10 -> {
                        if (random.nextInt(20) == 0) {
                            one.close();
                        }
                    }
                    default -> {
                        if (random.nextInt(60) == 0) {
                            stores.get(random.nextInt(3)).mark.fail();
                        }
                    }
                }
            }
            for (Connection one : connections) {
                one.settle();
                one.calm = true;
            }
            for (Store store : stores) {
                store.mark.raise(store.next);
            }
            loops.forEach(ManualLoop::runAll);
            if (wrong != null) {
                throw wrong;
            }
            for (Connection one : connections) {
                assertTrue(one.queue.isEmpty() && one.expected.isEmpty(), () -> seed + ": " + one.expected);
            }
        }

        private final class Connection implements AckQueue.Answers<Debt> {
            final AckQueue<Debt> queue;
            final Deque<Debt> expected = new ArrayDeque<>();
            boolean calm;

            Connection(ManualLoop loop) {
                queue = new AckQueue<>(loop, this, this::due);
            }

            /** The notifier logs what is thrown here, so a failure is kept until the end. */
            private void due() {
                try {
                    queue.settle();
                } catch (AssertionError e) {
                    wrong = e;
                    throw e;
                }
            }

            /** An exception of an answer must reach the caller. */
            void settle() {
                try {
                    queue.settle();
                } catch (IllegalStateException defect) {
                    assertEquals("a defect", defect.getMessage(), seed);
                }
            }

            void owe() {
                Store store = stores.get(random.nextInt(3));
                Debt debt = new Debt(store, store.next++, numbers++);
                expected.add(debt);
                queue.add(store.mark, debt.offset, debt.number, debt);
                if (random.nextInt(4) > 0) {
                    settle();
                }
            }

            void close() {
                expected.clear();
                queue.clear();
            }

            @Override
            public void passed(int tag, Debt debt) {
                assertTrue(debt.store.mark.end() > debt.offset, seed);
                answered(tag, debt);
            }

            @Override
            public void lost(int tag, Debt debt) {
                assertTrue(debt.store.mark.failed() && debt.store.mark.end() <= debt.offset, seed);
                answered(tag, debt);
            }

            private void answered(int tag, Debt debt) {
                assertEquals(expected.poll(), debt, seed);
                assertEquals(debt.number, tag, seed);
                if (calm) {
                    return;
                }
                switch (random.nextInt(12)) {
                    case 0 -> {
                        if (defects) {
                            throw new IllegalStateException("a defect");
                        }
                    }
                    case 1 -> owe();
                    case 2 -> debt.store.rise(random);
                    case 3 -> close();
                    default -> {}
                }
            }
        }
    }

    private static final class RoomModel {
        private final Random random;
        private final String seed;
        private final boolean defects;
        private final ManualLoop loop = new ManualLoop();
        private final MutableRoom room = new MutableRoom();
        private final RoomQueue<Integer> queue = new RoomQueue<>(loop, room, this::attempt);
        private final List<Client> clients = new ArrayList<>();
        private final Deque<Integer> inLine = new ArrayDeque<>();
        private int free;
        private int numbers;
        private @Nullable AssertionError wrong;

        RoomModel(long seed, boolean defects) {
            this.defects = defects;
            this.random = new Random(seed);
            this.seed = "seed " + seed;
            for (int i = 0; i < 5; i++) {
                clients.add(new Client());
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(7)) {
                    case 0, 1 -> clients.get(random.nextInt(5)).wish();
                    case 2 -> {
                        inLine.add(numbers);
                        queue.add(numbers++);
                    }
                    case 3 -> giveRoom();
                    case 4 -> giveUp();
                    default -> loop.runOne();
                }
            }
            for (int rounds = 0; rounds < 10 * (numbers + 10); rounds++) {
                giveRoom();
                loop.runAll();
            }
            if (wrong != null) {
                throw wrong;
            }
            assertTrue(inLine.isEmpty() && !queue.isCrowded(), () -> seed + ": " + inLine);
            for (Client client : clients) {
                assertEquals(0, client.wishes, seed);
            }
            assertFalse(room.isCrowded(loop), seed);
        }

        private void giveRoom() {
            free += 1 + random.nextInt(3);
            room.tell();
        }

        private void giveUp() {
            if (!inLine.isEmpty() && random.nextBoolean()) {
                assertTrue(queue.remove(inLine.remove()), seed);
            } else {
                Client client = clients.get(random.nextInt(5));
                client.wishes = 0;
                client.waiter.cancel();
            }
        }

        /** A room signal between the check and the wait must not be missed. */
        private boolean take() {
            boolean taken = free > 0;
            free -= taken ? 1 : 0;
            if (random.nextInt(10) == 0) {
                giveRoom();
            }
            return taken;
        }

        private boolean attempt(Integer item) {
            if (!item.equals(inLine.peek())) {
                wrong = new AssertionError(seed + ": " + item + " is tried before " + inLine.peek());
            }
            boolean broken = defects && random.nextInt(20) == 0;
            if (broken || take()) {
                inLine.remove();
            } else {
                return false;
            }
            if (broken) {
                throw new IllegalStateException("a defect");
            }
            return true;
        }

        private final class Client {
            final Waiter waiter = new Waiter(loop, this::goOn);
            int wishes;

            void wish() {
                wishes += 1 + random.nextInt(2);
                if (!waiter.isWaiting()) {
                    goOn();
                }
            }

            private void goOn() {
                while (wishes > 0) {
                    if (!take()) {
                        room.await(waiter);
                        return;
                    }
                    wishes--;
                    if (random.nextInt(20) == 0) {
                        wishes = 0;
                    }
                }
            }
        }
    }
}
