package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckQueueTest {
    private final ManualLoop loop = new ManualLoop();
    private final MutableWatermark store = new MutableWatermark();
    private final MutableWatermark other = new MutableWatermark();
    private final List<String> said = new ArrayList<>();
    private Runnable inAnswer = () -> {};

    private final AckQueue<String> queue = new AckQueue<>(
            loop,
            new AckQueue.Answers<>() {
                @Override
                public void passed(int tag, String value) {
                    said.add(value + tag);
                    inAnswer.run();
                }

                @Override
                public void lost(int tag, String value) {
                    said.add("lost " + value + tag);
                    inAnswer.run();
                }
            },
            this::settle);

    private void settle() {
        queue.settle();
    }

    private void add(Watermark where, long offset, int tag) {
        queue.add(where, offset, tag, "v");
        queue.settle();
    }

    @Test
    void entriesAreAnsweredInTheirOrderAlsoOverSeveralStores() {
        add(store, 0, 1);
        add(other, 5, 2);
        add(Watermark.IMMEDIATE, 0, 3);
        add(store, 1, 4);
        store.raise(2);
        loop.runAll();
        assertEquals(List.of("v1"), said);
        other.raise(6);
        loop.runAll();
        assertEquals(List.of("v1", "v2", "v3", "v4"), said);
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatHasPassedIsAnsweredWithoutAHandOver() {
        store.raise(3);
        add(store, 2, 1);
        assertEquals(List.of("v1"), said);
        assertEquals(0, loop.pending());
    }

    @Test
    void onlyTheRiseThatPassesTheOldestEntryWakesTheLoop() {
        add(store, 9, 1);
        store.raise(9);
        assertEquals(0, loop.pending());
        store.raise(10);
        assertEquals(1, loop.pending());
    }

    @Test
    void whatAFailedStoreHasPassedIsAnsweredAndTheRestIsLost() {
        add(store, 0, 1);
        add(store, 1, 2);
        add(other, 0, 3);
        add(store, 2, 4);
        store.raise(1);
        store.fail();
        loop.runAll();
        assertEquals(List.of("v1", "lost v2"), said);
        other.raise(1);
        loop.runAll();
        assertEquals(List.of("v1", "lost v2", "v3", "lost v4"), said);
    }

    @Test
    void anAnswerThatThrowsIsGivenOnceAndThoseBehindItAreAnsweredAllTheSame() {
        for (int i = 1; i <= 3; i++) {
            add(store, i, i);
        }
        inAnswer = () -> {
            if (said.size() < 3) {
                throw new IllegalStateException("a defect");
            }
        };
        store.raise(9);
        loop.runAll();
        assertEquals(List.of("v1", "v2", "v3"), said);

        add(store, 10, 4);
        store.raise(11);
        inAnswer = () -> {
            throw new IllegalStateException("a defect");
        };
        assertThrows(IllegalStateException.class, this::settle);
        assertTrue(queue.isEmpty());
    }

    @Test
    void anAnswerMayAddAndSettle() {
        inAnswer = () -> {
            if (said.size() < 100_000) {
                queue.add(store, said.size(), said.size(), "v");
                queue.settle();
            }
        };
        store.raise(200_000);
        add(store, 0, 0);
        assertEquals(100_000, said.size());
        assertEquals("v99999", said.get(99_999));
    }

    @Test
    void anAnswerMayClear() {
        add(store, 0, 1);
        add(store, 1, 2);
        inAnswer = queue::clear;
        store.raise(2);
        loop.runAll();
        assertEquals(List.of("v1"), said);
        assertTrue(queue.isEmpty());
        assertEquals(0, queue.slots());
    }

    @Test
    void whatIsClearedIsNotAnswered() {
        add(store, 0, 1);
        store.raise(1);
        queue.clear();
        loop.runAll();
        assertEquals(List.of(), said);
    }

    @Test
    void anEntryJoinsItsNeighbourOfTheSameStoreAndTag() {
        assertFalse(queue.join(store, 0, 7));
        queue.add(store, 0, 7, "v");
        assertTrue(queue.join(store, 5, 7));
        assertFalse(queue.join(store, 6, 8));
        assertFalse(queue.join(other, 6, 7));
        assertEquals(1, queue.size());
        queue.settle();
        store.raise(5);
        loop.runAll();
        assertEquals(List.of(), said);
        store.raise(6);
        loop.runAll();
        assertEquals(List.of("v7"), said);
    }

    @Test
    void tagsCanBeChangedWhileTheirEntriesWait() {
        for (int tag : new int[] {1, 2, 1}) {
            add(store, 0, tag);
        }
        assertEquals(2, queue.retag(1, 9));
        assertEquals(0, queue.retag(1, 9));
        store.raise(1);
        loop.runAll();
        assertEquals(List.of("v9", "v2", "v9"), said);
    }

    @Test
    void aLargeRingIsGivenUpWhenItIsEmpty() {
        for (int i = 0; i < 1_000; i++) {
            queue.add(store, i, i, "v");
        }
        assertEquals(1_024, queue.slots());
        store.raise(1_000);
        assertEquals(1_000, queue.settle());
        assertEquals(0, queue.slots());
    }
}
