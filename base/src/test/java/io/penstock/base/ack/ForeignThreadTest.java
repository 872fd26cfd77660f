package io.penstock.base.ack;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The queues of a loop are used on the loop only")
class ForeignThreadTest {
    private final EventExecutor loop = new DefaultEventExecutor();

    @AfterEach
    void stop() {
        loop.shutdownGracefully();
    }

    @Test
    void aRoomQueueFailsOnAForeignThreadAndIsUnchanged() {
        RoomQueue<String> queue = new RoomQueue<>(loop, new MutableRoom(), item -> false);

        assertThrows(AssertionError.class, () -> queue.add("item"));
        assertThrows(AssertionError.class, queue::retry);
        assertFalse(queue.isCrowded());
        assertDoesNotThrow(() -> loop.submit(() -> queue.add("item")).get());
    }

    @Test
    void anAckQueueFailsOnAForeignThread() {
        AckQueue<String> queue = new AckQueue<>(
                loop,
                new AckQueue.Answers<String>() {
                    @Override
                    public void passed(int tag, String value) {}

                    @Override
                    public void lost(int tag, String value) {}
                },
                () -> {});

        assertThrows(AssertionError.class, () -> queue.add(Watermark.IMMEDIATE, 0, 0, "entry"));
        assertThrows(AssertionError.class, queue::settle);
        assertThrows(AssertionError.class, queue::clear);
    }
}
