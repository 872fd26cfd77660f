package io.penstock.mqtt.internal.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.MqttLimits;
import io.penstock.mqtt.internal.limits.ClientMemory;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.wire.Outbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private static final int LARGE = 1 << 20;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final MutableWatermark store = new MutableWatermark();
    private final MutableWatermark other = new MutableWatermark();
    private final Outbox outbox = new Outbox(channel, holding(LARGE));

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static Holding holding(int bytes) {
        int all = 8 * bytes; // state may use an eighth of it
        return new ClientMemory(MemoryBudget.of(all).account(1.0), all).holding(ClientMemory.Use.STATE);
    }

    private Acknowledgements owing(int most, Holding memory) {
        Acknowledgements[] self = new Acknowledgements[1];
        self[0] = new Acknowledgements(
                outbox,
                channel.eventLoop(),
                MqttLimits.builder().maxInFlight(most).build(),
                new MqttEvents() {},
                memory,
                () -> Session.Written.NOTHING,
                () -> self[0].settle());
        return self[0];
    }

    /** What the client received since the last call. */
    private String sent() {
        channel.runPendingTasks();
        outbox.flush();
        ByteBuf got = channel.readOutbound();
        String hex = got == null ? "" : ByteBufUtil.hexDump(got);
        if (got != null) {
            got.release();
        }
        return hex;
    }

    @Test
    void acknowledgementsComeInTheOrderOfThePublishesAlsoOverSeveralStores() {
        Acknowledgements owed = owing(16, holding(LARGE));
        owed.owe(1, 1, store, 0);
        owed.owe(2, 2, other, 0);
        owed.owe(1, 3, store, 1);
        owed.settle();
        store.raise(2);
        assertEquals("40020001", sent());
        other.raise(1);
        assertEquals("5002000240020003", sent());
        assertTrue(owed.isEmpty());
    }

    @Test
    void neighbouringQos0PublishesOfOneStoreShareAPlaceAndAPingWaitsForAllOfThem() {
        Acknowledgements owed = owing(16, holding(LARGE));
        for (int i = 0; i < 1_000; i++) {
            owed.owe(0, 0, store, i);
        }
        assertFalse(owed.isFull());
        owed.ping();
        owed.settle();
        store.raise(999);
        assertEquals("", sent());
        store.raise(1_000);
        assertEquals("d000", sent());
        owed.ping();
        assertEquals("d000", sent());
    }

    @Test
    void noMoreIsOwedThanTheLimit() {
        Acknowledgements owed = owing(16, holding(LARGE));
        for (int i = 0; i < 16; i++) {
            assertFalse(owed.isFull());
            owed.owe(1, 1 + i, store, i);
        }
        assertTrue(owed.isFull());
        store.raise(1);
        owed.settle();
        assertFalse(owed.isFull());
    }

    @Test
    void whereThereIsNoMemoryForMorePlacesNoMoreIsOwedUntilSomeAreAnswered() {
        Holding memory = holding(64 * 72 + 64 * 72 / 2);
        Acknowledgements owed = owing(4096, memory);
        int count = 0;
        while (!owed.isFull()) {
            owed.owe(1, ++count, store, count);
        }
        assertEquals(128, count);
        assertEquals(64 * 72, memory.bytes());
        store.raise(count);
        owed.settle();
        assertFalse(owed.isFull());
        owed.close();
        assertEquals(0, memory.bytes());
    }

    @Test
    void manyPlacesAreGivenBackWhenNothingIsOwed() {
        Holding memory = holding(LARGE);
        Acknowledgements owed = owing(4096, memory);
        for (int i = 0; i < 1_000; i++) {
            owed.owe(1, 1 + i, store, i);
        }
        assertEquals(960 * 72, memory.bytes());
        store.raise(1_000);
        owed.settle();
        assertEquals(0, memory.bytes());
    }
}
