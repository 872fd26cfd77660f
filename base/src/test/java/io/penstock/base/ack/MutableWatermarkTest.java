package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.concurrent.atomic.AtomicLong;
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

    /** Registering for the first time hands over at once; after that only what happens does. */
    private void settle() throws Exception {
        onLoop(() -> mark.onAdvance(loop, () -> {}));
        onLoop(() -> {});
    }

    @Test
    void aListenerRunsOnceOnItsExecutorAfterARise() throws Exception {
        settle();
        onLoop(() -> mark.onAdvance(loop, () -> {
            assertTrue(loop.inEventLoop());
            heard.add(mark.end());
        }));
        assertEquals(List.of(), heard);
        mark.raise(5);
        onLoop(() -> {});
        mark.raise(6);
        onLoop(() -> {});
        assertEquals(List.of(5L), heard);
    }

    @Test
    void aRiseBetweenTheLookAndTheRegistrationIsNotMissed() throws Exception {
        settle();
        onLoop(() -> {
            long seen = mark.end();
            mark.raise(seen + 1);
            mark.onAdvance(loop, () -> heard.add(mark.end()));
        });
        onLoop(() -> {});
        assertEquals(List.of(1L), heard);
    }

    @Test
    void failureIsHeardToo() throws Exception {
        settle();
        onLoop(() -> mark.onAdvance(loop, () -> heard.add(mark.failed() ? -1L : 0L)));
        mark.fail();
        onLoop(() -> {});
        assertEquals(List.of(-1L), heard);
    }

    @Test
    void allListenersOfAnExecutorShareOneHandOver() throws Exception {
        settle();
        onLoop(() -> {
            for (int i = 0; i < 1_000; i++) {
                mark.onAdvance(loop, () -> heard.add(mark.end()));
            }
        });
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        loop.execute(() -> {
            running.countDown();
            await(blocked);
        });
        running.await();
        mark.raise(1);
        mark.raise(2);
        int queued = ((SingleThreadEventExecutor) loop).pendingTasks();
        blocked.countDown();
        onLoop(() -> {});
        assertEquals(1, queued);
        assertEquals(1_000, heard.size());
    }

    @Test
    void aListenerMayRegisterAgain() throws Exception {
        AtomicLong count = new AtomicLong();
        Runnable[] again = new Runnable[1];
        again[0] = () -> {
            count.incrementAndGet();
            if (mark.end() < 3) {
                mark.onAdvance(loop, again[0]);
            }
        };
        settle();
        onLoop(() -> mark.onAdvance(loop, again[0]));
        for (int i = 1; i <= 3; i++) {
            mark.raise(i);
            onLoop(() -> {});
        }
        assertEquals(3, count.get());
    }

    @Test
    void anExecutorThatIsGoneDisturbsNobody() throws Exception {
        EventExecutor gone = new DefaultEventExecutor();
        gone.submit(() -> mark.onAdvance(gone, () -> heard.add(-1L))).get();
        gone.submit(() -> {}).get();
        gone.submit(() -> mark.onAdvance(gone, () -> heard.add(-2L))).get();
        gone.shutdownGracefully(0, 0, TimeUnit.SECONDS).get();
        settle();
        onLoop(() -> mark.onAdvance(loop, () -> heard.add(mark.end())));
        mark.raise(7);
        onLoop(() -> {});
        assertTrue(heard.contains(7L));
    }

    @Test
    void anAdvanceWhileAListenerRunsIsNotMissedByItsNextRegistration() throws Exception {
        settle();
        onLoop(() -> mark.onAdvance(loop, () -> {
            heard.add(mark.end());
            mark.raise(2);
            mark.onAdvance(loop, () -> heard.add(mark.end()));
        }));
        mark.raise(1);
        onLoop(() -> {});
        onLoop(() -> {});
        assertEquals(List.of(1L, 2L), heard);
    }

    @Test
    void aListenerThatThrowsHarmsNoNeighbour() throws Exception {
        settle();
        onLoop(() -> {
            mark.onAdvance(loop, () -> heard.add(mark.end()));
            mark.onAdvance(loop, () -> {
                throw new IllegalStateException("a defect");
            });
            mark.onAdvance(loop, () -> {
                throw new StackOverflowError("another one");
            });
            mark.onAdvance(loop, () -> heard.add(10 * mark.end()));
        });
        mark.raise(1);
        onLoop(() -> {});
        assertEquals(List.of(1L, 10L), heard);
        onLoop(() -> mark.onAdvance(loop, () -> heard.add(mark.end())));
        mark.raise(2);
        mark.raise(3);
        onLoop(() -> {});
        assertEquals(List.of(1L, 10L, 3L), heard);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
