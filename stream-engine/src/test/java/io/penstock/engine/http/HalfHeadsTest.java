package io.penstock.engine.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection of HTTP/1.1")
class HalfHeadsTest {
    private static final String WHOLE = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @BeforeEach
    void install() {
        channel.freezeTime();
        channel.pipeline().addLast("http", new HttpServerCodec());
        HalfHeads.guard(channel.pipeline(), "http");
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
        channel.releaseInbound();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void isClosedAMinuteAfterTheFirstByteOfAHeadThatDoesNotBecomeWhole() {
        receive(WHOLE);
        receive("POST / HTTP/1.1\r\nX-Padding: ");
        for (int second = 1; second < HalfHeads.SECONDS; second++) {
            receive("x");
            pass(1);
            assertTrue(channel.isOpen());
        }
        pass(1);
        assertFalse(channel.isOpen());
    }

    @Test
    void staysOpenWhileItsHeadsBecomeWhole() {
        for (int i = 0; i < 20; i++) {
            receive(WHOLE.substring(0, 10));
            pass(30);
            receive(WHOLE.substring(10));
            pass(25);
        }
        assertTrue(channel.isOpen());
    }

    @Test
    void staysOpenWithoutARequest() {
        receive(WHOLE);
        pass(3_600);
        assertTrue(channel.isOpen());
    }
}
