package io.penstock.agent.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.agent.fakes.FakeSpool;
import io.penstock.agent.ingest.AckMode;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a busy spool costs the chunks that wait for it. */
class LoopSpoolTest {
    private final EventExecutor loop = ImmediateEventExecutor.INSTANCE;
    private final FakeSpool spool = new FakeSpool(new StreamId("default", "s"));
    private final LoopSpool shared = new LoopSpool(spool, AckMode.DURABLE);
    private final List<Integer> turns = new ArrayList<>();

    private static EntryBlock block() {
        EntryBlock block = new EntryBlock(64, 1024);
        SpooledRecord.beginLateBound(block);
        block.put((byte) '1');
        block.end();
        return block;
    }

    @Test
    void afterARefusalItIsFullUntilTheSpoolTellsOfRoom() {
        spool.refuse(Spool.FULL);
        assertEquals(Spool.FULL, shared.append(block()));
        assertTrue(shared.isFull());
        shared.onRoom(loop, () -> turns.add(1));

        spool.refuse(0);
        assertFalse(shared.isFull());
        assertEquals(List.of(1), turns);
        assertEquals(0, shared.append(block()));
    }

    @Test
    void howeverManyWaitTheSpoolHasOneListenerPerLoop() {
        spool.refuse(Spool.FULL);
        shared.append(block());
        for (int n = 0; n < 10; n++) {
            int number = n;
            shared.onRoom(loop, () -> turns.add(number));
        }
        assertEquals(1, spool.wantingRoom());
        assertEquals(1, spool.appends());

        spool.refuse(0);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), turns);
    }

    @Test
    void aChunkThatThrowsDoesNotKeepThoseBehindItWaiting() {
        spool.refuse(Spool.FULL);
        shared.append(block());
        shared.onRoom(loop, () -> turns.add(1));
        shared.onRoom(loop, () -> {
            throw new IllegalStateException("a defect");
        });
        shared.onRoom(loop, () -> turns.add(2));

        spool.refuse(0);
        assertEquals(List.of(1, 2), turns);
    }

    @Test
    void thoseBehindARefusedOneKeepWaitingInTheirTurn() {
        spool.refuse(Spool.FULL);
        shared.append(block());
        shared.onRoom(loop, () -> turns.add(1));
        shared.onRoom(loop, () -> {
            spool.refuse(Spool.FULL);
            shared.append(block());
            turns.add(2);
            shared.onRoom(loop, () -> turns.add(4));
        });
        shared.onRoom(loop, () -> turns.add(3));

        spool.refuse(0);
        assertEquals(List.of(1, 2), turns);
        assertTrue(shared.isFull());
        spool.refuse(0);
        assertEquals(List.of(1, 2, 3, 4), turns);
    }
}
