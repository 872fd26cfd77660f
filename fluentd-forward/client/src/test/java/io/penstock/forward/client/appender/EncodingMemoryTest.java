package io.penstock.forward.client.appender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class EncodingMemoryTest {
    private final EncodingMemory memory = new EncodingMemory(1024 * 1024);

    @Test
    void isUsedAgain() {
        EncodingMemory.Draft draft = memory.take();
        draft.scratch().append("left over");
        memory.give(draft);
        EncodingMemory.Draft again = memory.take();
        assertSame(draft, again);
        assertEquals(0, again.scratch().length());
    }

    @Test
    void aThreadThatComesAgainBeforeItIsDoneGetsOther() {
        EncodingMemory.Draft outer = memory.take();
        EncodingMemory.Draft inner = memory.take();
        assertNotSame(outer, inner);
        memory.give(inner);
        memory.give(outer);
        assertSame(inner, memory.take());
        assertSame(outer, memory.take());
    }

    @Test
    void whatGrewLargeIsNotKept() {
        EncodingMemory.Draft large = memory.take();
        large.entry().begin(1, 0).name("message").value("x".repeat(100_000)).end();
        memory.give(large);
        assertNotSame(large, memory.take());
        EncodingMemory.Draft text = memory.take();
        text.scratch().append("x".repeat(100_000));
        memory.give(text);
        assertEquals(256, memory.take().scratch().capacity());
    }
}
