package io.penstock.mqtt.internal.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.ack.Watermark;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.mqtt.ManualStore;
import io.penstock.mqtt.RefusalReason;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.wire.Refusal;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The ring of what is owed, against a queue that does the same the slow way. */
class OwedTest {
    private static Holding memory() {
        return new ClientMemory(MemoryBudget.of(1 << 20).account(1.0), 1 << 20).holding(ClientMemory.Use.STATE);
    }

    private record Entry(Owed.Kind kind, int packetId, Watermark where, long offset, Refusal refusal) {}

    @Test
    void behavesAsAQueueOverGrowthAndWrapping() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Watermark[] stores = {new ManualStore(), new ManualStore()};
        Owed owed = new Owed(1024, memory());
        ArrayDeque<Entry> model = new ArrayDeque<>();
        for (int step = 0; step < 100_000; step++) {
            boolean filling = step / 3000 % 2 == 0;
            if (!owed.isFull() && random.nextInt(10) < (filling ? 6 : 4)) {
                Owed.Kind kind = random.nextBoolean() ? Owed.Kind.PUBACK : Owed.Kind.PUBREC;
                int packetId = 1 + random.nextInt(0xFFFF);
                if (random.nextInt(10) == 0) {
                    Refusal refusal = new Refusal(RefusalReason.NOT_AUTHORIZED, "no " + step);
                    owed.addRefusal(kind, packetId, refusal);
                    model.add(new Entry(kind, packetId, null, 0, refusal));
                } else {
                    Watermark where = stores[random.nextInt(2)];
                    owed.add(kind, packetId, where, step);
                    model.add(new Entry(kind, packetId, where, step, null));
                }
            } else if (!model.isEmpty()) {
                Entry expected = model.poll();
                String context = "seed " + seed + " step " + step;
                assertEquals(expected.kind(), owed.headKind(), context);
                assertEquals(expected.packetId(), owed.headPacketId(), context);
                assertSame(expected.where(), owed.headDurability(), context);
                assertEquals(expected.offset(), owed.headOffset(), context);
                assertSame(expected.refusal(), owed.headRefusal(), context);
                owed.pop();
            }
            assertEquals(model.size(), owed.size(), "seed " + seed + " step " + step);
        }
    }

    @Test
    void neighbouringQos0PublishesOfOneStoreShareAnEntry() {
        Owed owed = new Owed(16, memory());
        ManualStore store = new ManualStore();
        for (int i = 0; i < 1000; i++) {
            owed.add(Owed.Kind.NOTHING, 0, store, i);
        }
        assertEquals(1, owed.size());
        assertEquals(999, owed.headOffset());
        assertTrue(owed.awaitsQos0());
        owed.pop();
        assertFalse(owed.awaitsQos0());
    }

    @Test
    void pingsCanBeTakenOutOfTurn() {
        Owed owed = new Owed(16, memory());
        ManualStore store = new ManualStore();
        owed.add(Owed.Kind.NOTHING, 0, store, 1);
        owed.add(Owed.Kind.PINGRESP, 0, null, 0);
        owed.add(Owed.Kind.PUBACK, 7, store, 2);
        owed.add(Owed.Kind.PINGRESP, 0, null, 0);
        assertEquals(2, owed.takePings());
        assertEquals(0, owed.takePings());
        owed.pop();
        assertEquals(Owed.Kind.NOTHING, owed.headKind());
        assertNull(owed.headDurability());
        owed.pop();
        assertEquals(7, owed.headPacketId());
        owed.pop();
        owed.pop();
        assertTrue(owed.isEmpty());
        assertFalse(owed.awaitsQos0());
    }
}
