package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MutableWatermarkTest {
    private final MutableWatermark mark = new MutableWatermark();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<Long> heard = new ArrayList<>();

    @AfterEach
    void stopTheLoop() {
        group.shutdownGracefully();
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).get();
    }

    private Waiter hearing() {
        return new Waiter(loop, () -> heard.add(mark.end()));
    }

    @Test
    void aWaiterRunsOnceOnItsLoopAfterItsOffsetHasPassed() throws Exception {
        onLoop(() -> mark.await(4, new Waiter(loop, () -> {
            assertTrue(loop.inEventLoop());
            heard.add(mark.end());
        })));
        mark.raise(4);
        onLoop(() -> {});
        assertEquals(List.of(), heard);
        mark.raise(5);
        onLoop(() -> {});
        mark.raise(6);
        onLoop(() -> {});
        assertEquals(List.of(5L), heard);
    }

    @Test
    void whatPassedBeforeTheWaitIsToldSoon() throws Exception {
        onLoop(() -> {
            mark.raise(1);
            mark.await(0, hearing());
        });
        onLoop(() -> {});
        assertEquals(List.of(1L), heard);
    }

    @Test
    void failureIsHeardTooAlsoByOneThatBeginsToWaitAfterIt() throws Exception {
        onLoop(() -> mark.await(7, new Waiter(loop, () -> heard.add(mark.failed() ? -1L : 0L))));
        mark.fail();
        onLoop(() -> {});
        onLoop(() -> mark.await(8, new Waiter(loop, () -> heard.add(mark.failed() ? -2L : 0L))));
        onLoop(() -> {});
        assertEquals(List.of(-1L, -2L), heard);
    }

    @Test
    void allWaitersOfALoopShareOneHandOver() throws Exception {
        onLoop(() -> {
            for (int i = 0; i < 1_000; i++) {
                mark.await(0, hearing());
            }
        });
        assertEquals(1, handOvers(() -> {
            mark.raise(1);
            mark.raise(2);
        }));
        onLoop(() -> {});
        assertEquals(1_000, heard.size());
    }

    @Test
    void aLoopIsLeftInPeaceUntilItsLowestOffsetHasPassed() throws Exception {
        onLoop(() -> {
            mark.await(20, hearing());
            mark.await(10, hearing());
        });
        assertEquals(0, handOvers(() -> mark.raise(10)));
        assertEquals(1, handOvers(() -> mark.raise(11)));
        assertEquals(0, handOvers(() -> mark.raise(20)));
        assertEquals(List.of(11L), heard);
    }

    /** How many tasks {@code work} posts to the loop. */
    private int handOvers(Runnable work) throws Exception {
        onLoop(() -> {});
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        loop.execute(() -> {
            running.countDown();
            await(blocked);
        });
        running.await();
        work.run();
        int queued = ((SingleThreadEventExecutor) loop).pendingTasks();
        blocked.countDown();
        onLoop(() -> {});
        return queued;
    }

    @Test
    void waitersAreWokenInTheOrderOfTheirOffsets() throws Exception {
        onLoop(() -> {
            for (long offset : new long[] {5, 3, 8, 3, 1, 9, 2}) {
                mark.await(offset, new Waiter(loop, () -> heard.add(offset)));
            }
        });
        mark.raise(9);
        onLoop(() -> {});
        assertEquals(List.of(1L, 2L, 3L, 3L, 5L, 8L), heard);
    }

    @Test
    void aWaiterMayWaitAgainAndIsNotWokenForAnOffsetThatItNoLongerWaitsFor() throws Exception {
        Waiter[] again = new Waiter[1];
        again[0] = new Waiter(loop, () -> {
            heard.add(mark.end());
            mark.await(mark.end() + 1, again[0]);
        });
        onLoop(() -> {
            mark.await(0, again[0]);
            mark.await(1, again[0]);
        });
        for (int i = 1; i <= 6; i++) {
            mark.raise(i);
            onLoop(() -> {});
        }
        assertEquals(List.of(2L, 4L, 6L), heard);
    }

    @Test
    void aCancelledWaiterIsNotWoken() throws Exception {
        Waiter waiter = hearing();
        onLoop(() -> {
            mark.await(0, waiter);
            mark.raise(1);
            waiter.cancel();
            assertFalse(waiter.isWaiting());
        });
        onLoop(() -> {});
        assertEquals(List.of(), heard);
    }

    @Test
    void aLoopThatIsGoneDisturbsNoOther() throws Exception {
        EventExecutor gone = new DefaultEventExecutor();
        gone.submit(() -> mark.await(0, new Waiter(gone, () -> heard.add(-1L)))).get();
        gone.shutdownGracefully(0, 0, TimeUnit.SECONDS).get();
        onLoop(() -> mark.await(0, hearing()));
        mark.raise(7);
        onLoop(() -> {});
        assertEquals(List.of(7L), heard);
    }

    @Test
    void anAdvanceWhileAWaiterRunsIsToldToItsNextWait() throws Exception {
        onLoop(() -> mark.await(0, new Waiter(loop, () -> {
            heard.add(mark.end());
            mark.raise(2);
            mark.await(1, hearing());
        })));
        mark.raise(1);
        onLoop(() -> {});
        onLoop(() -> {});
        assertEquals(List.of(1L, 2L), heard);
    }

    @Test
    void aWaiterThatThrowsHarmsNoNeighbour() throws Exception {
        onLoop(() -> {
            mark.await(0, hearing());
            mark.await(0, new Waiter(loop, () -> {
                throw new IllegalStateException("a defect");
            }));
            mark.await(0, new Waiter(loop, () -> {
                throw new StackOverflowError("another one");
            }));
            mark.await(0, new Waiter(loop, () -> heard.add(10 * mark.end())));
        });
        mark.raise(1);
        onLoop(() -> {});
        assertEquals(List.of(1L, 10L), heard);
        onLoop(() -> mark.await(2, hearing()));
        mark.raise(2);
        mark.raise(3);
        onLoop(() -> {});
        assertEquals(List.of(1L, 10L, 3L), heard);
    }

    @Test
    void waitersForWhatHasAlwaysPassedOrNeverWillAreToldAtOnce() throws Exception {
        onLoop(() -> {
            Watermark.IMMEDIATE.await(5, new Waiter(loop, () -> heard.add(5L)));
            Watermark.FAILED.await(6, new Waiter(loop, () -> heard.add(6L)));
            Waiter gone = new Waiter(loop, () -> heard.add(7L));
            Watermark.FAILED.await(7, gone);
            gone.cancel();
        });
        onLoop(() -> {});
        assertEquals(List.of(5L, 6L), heard);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
