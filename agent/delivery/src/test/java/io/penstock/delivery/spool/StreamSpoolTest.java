package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.penstock.base.ack.Waiter;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamSpoolTest {
    private static final StreamId STREAM = new StreamId("default", "sensors");

    private final ScriptedLog log = new ScriptedLog();
    private final List<String> told = new ArrayList<>();
    private final List<Runnable> background = new ArrayList<>();
    private final SpoolListener owner = new SpoolListener() {
        @Override
        public void opened(Backlog backlog) {}

        @Override
        public void failed(StreamId stream, Throwable cause) {
            told.add(stream + " " + cause.getMessage());
        }
    };

    private StreamSpool spool(WhenFull whenFull) {
        return new StreamSpool(STREAM, whenFull, owner, background::add);
    }

    private static EntryBlock block(int records) {
        EntryBlock block = new EntryBlock(1 << 10, 1 << 16);
        for (int i = 0; i < records; i++) {
            SpooledRecord.begin(block, "key");
            block.end();
        }
        return block;
    }

    @Test
    void anAppendIsAnsweredWithTheOffsetOfItsLastRecord() {
        StreamSpool spool = spool(WhenFull.BLOCK);
        spool.open(log);
        assertEquals(2, spool.append(block(3)));
        assertEquals(3, spool.append(block(1)));
    }

    @Test
    void untilTheLogIsOpenItIsFullAndOpeningMakesRoom() throws Exception {
        StreamSpool spool = spool(WhenFull.BLOCK);
        assertEquals(Spool.FULL, spool.append(block(1)));
        var loop = new DefaultEventExecutor();
        loop.submit(() -> spool.whenRoom().await(new Waiter(loop, () -> told.add("room"))))
                .get();
        loop.submit(() -> {}).get();
        assertEquals(List.of(), told);
        spool.open(log);
        loop.submit(() -> {}).get();
        assertEquals(List.of("room"), told);
        loop.shutdownGracefully();
    }

    /** Else a client that is refused for the failure could still find the agent ready. */
    @Test
    void theOwnerHearsOfAFailureBeforeTheWaiters() throws Exception {
        var loop = new DefaultEventExecutor();
        StreamSpool spool = new StreamSpool(
                STREAM,
                WhenFull.BLOCK,
                new SpoolListener() {
                    @Override
                    public void opened(Backlog backlog) {}

                    @Override
                    public void failed(StreamId stream, Throwable cause) {
                        loop.submit(() -> {}).syncUninterruptibly();
                        told.add("owner");
                    }
                },
                background::add);
        loop.submit(() -> spool.whenRoom().await(new Waiter(loop, () -> told.add("waiter"))))
                .get();
        spool.failed(new IOException("broken"));
        loop.submit(() -> {}).get();
        assertEquals(List.of("owner", "waiter"), told);
        loop.shutdownGracefully();
    }

    @Test
    void aFullSpoolHoldsBackAndCounts() {
        StreamSpool spool = spool(WhenFull.BLOCK);
        spool.open(log);
        log.refusal = DurableLog.FULL;
        assertEquals(Spool.FULL, spool.append(block(1)));
        assertEquals(1, spool.status(0).refusals());
        assertEquals(0, spool.status(0).losses().dropped());
    }

    @Test
    void dropNewestDropsAtTheLimitOnlyAndCounts() {
        StreamSpool spool = spool(WhenFull.DROP_NEWEST);
        spool.open(log);
        log.refusal = DurableLog.BUSY;
        assertEquals(Spool.FULL, spool.append(block(2)));
        log.refusal = DurableLog.FULL;
        assertEquals(Spool.DROPPED, spool.append(block(2)));
        assertEquals(2, spool.status(0).losses().dropped());
    }

    @Test
    void dropOldestGivesUpTheHeadInTheBackgroundAndTellsTheSender() {
        StreamSpool spool = spool(WhenFull.DROP_OLDEST);
        spool.open(log);
        spool.onAppended(() -> told.add("look at what is left"));
        for (int i = 0; i < 100; i++) {
            spool.append(block(16));
        }
        log.durable = 1600;
        log.refusal = DurableLog.FULL;
        assertEquals(Spool.FULL, spool.append(block(1)));
        assertEquals(Spool.FULL, spool.append(block(1)));
        assertEquals(0, log.start, "nothing happens on the producer's thread");
        assertEquals(1, background.size());
        background.remove(0).run();
        assertEquals(300, log.start, "the steps that it took to free a segment of 256");
        assertEquals(List.of("look at what is left"), told);
        assertEquals(0, spool.status(0).losses().dropped(), "the sender knows what of it was lost");
        spool.append(block(1));
        assertEquals(1, background.size());
    }

    @Test
    void aFailedLogFailsTheSpoolItsWatermarksAndTellsTheOwner() {
        StreamSpool spool = spool(WhenFull.BLOCK);
        spool.open(log);
        spool.failed(new IOException("disk on fire"));
        assertEquals(Spool.FAILED, spool.append(block(1)));
        assertTrue(spool.durable().failed());
        assertTrue(spool.delivered().failed());
        assertEquals(List.of("sensors disk on fire"), told);
        assertTrue(spool.status(0).detail().contains("disk on fire"));
        assertEquals(SpoolStatus.State.FAILED, spool.status(0).state());
    }

    @Test
    void aBlockThatNeverFitsIsRefusedForItselfOnly() {
        StreamSpool spool = spool(WhenFull.BLOCK);
        spool.open(log);
        log.refusal = DurableLog.TOO_LARGE;
        assertEquals(Spool.TOO_LARGE, spool.append(block(1)));
        log.refusal = 0;
        assertEquals(0, spool.append(block(1)));
        assertFalse(spool.durable().failed());
    }

    @Test
    void theDurableWatermarkFollowsTheLogAndWakesTheSender() {
        StreamSpool spool = spool(WhenFull.BLOCK);
        spool.open(log);
        spool.onAppended(() -> told.add("woken at " + spool.durable().end()));
        spool.durable(12);
        assertEquals(List.of("woken at 12"), told);
    }
}
