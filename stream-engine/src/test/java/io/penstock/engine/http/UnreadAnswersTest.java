package io.penstock.engine.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.base.fault.Guard;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A connection whose answers wait, because its client does not read them. */
class UnreadAnswersTest {
    private static final int KIB = 1024;

    private final List<Channel> dropped = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void guard() {
        UnreadAnswers.guard(
                channel.pipeline(), new Guard(LoggerFactory.getLogger(UnreadAnswersTest.class)), dropped::add);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** An answer that the socket does not take. */
    private void answer(int bytes) {
        channel.write(Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void isReadOnWhileLessThanTheHighMarkWaits() {
        answer(64 * KIB);
        answer(63 * KIB);
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void isReadNoFurtherAboveTheHighMarkUntilItsClientHasReadItsAnswers() {
        answer(64 * KIB);
        answer(64 * KIB);
        assertFalse(channel.config().isAutoRead());
        channel.flush();
        assertTrue(channel.config().isAutoRead());
        assertEquals(List.of(), dropped);
    }

    @Test
    void hasWhatItSentBeforeItWasStoppedHandedOn() {
        answer(128 * KIB);
        ByteBuf sent = Unpooled.wrappedBuffer(new byte[128 * KIB]);
        assertTrue(channel.writeInbound(sent));
        assertTrue(channel.isOpen());
        assertEquals(List.of(), dropped);
    }

    @Test
    void isClosedIfItBringsMoreThanThatAllTheSame() {
        answer(128 * KIB);
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[128 * KIB]));
        ByteBuf more = Unpooled.wrappedBuffer(new byte[1]);
        channel.writeInbound(more);
        assertEquals(0, more.refCnt());
        assertFalse(channel.isOpen());
        assertEquals(List.of(channel), dropped);
    }

    @Test
    void mayBringAsMuchAgainAfterItsClientHasRead() {
        for (int round = 0; round < 3; round++) {
            answer(128 * KIB);
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[128 * KIB]));
            channel.flush();
        }
        assertTrue(channel.isOpen());
        assertEquals(List.of(), dropped);
    }
}
