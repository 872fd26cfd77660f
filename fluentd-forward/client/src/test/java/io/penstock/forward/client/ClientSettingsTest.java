package io.penstock.forward.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
    private static final Address SERVER = Address.of("logs", 24224);

    @Test
    void defaults() {
        ClientSettings settings = ClientSettings.to(SERVER).build();

        assertEquals(List.of(SERVER), settings.addresses());
        assertEquals("", settings.source());
        assertEquals("forward", settings.name());
        assertEquals(512 * 1024, settings.chunkBytes());
        assertEquals(32 * 1024 * 1024, settings.bufferBytes());
        assertEquals(8, settings.window());
        assertEquals(Duration.ofMillis(100), settings.linger());
        assertEquals(Duration.ZERO, settings.maxBlock());
        assertEquals(Duration.ofSeconds(5), settings.connectTimeout());
        assertEquals(Duration.ofSeconds(60), settings.ackTimeout());
        assertEquals(Duration.ofSeconds(10), settings.longestPause());
    }

    @Test
    void eachValueOutOfRangeIsRefusedByItsName() {
        refused("chunkBytes", builder -> builder.chunkBytes(100));
        refused("bufferBytes", builder -> builder.chunkBytes(8192).bufferBytes(8192));
        refused("window", builder -> builder.window(0));
        refused("linger", builder -> builder.linger(Duration.ofMillis(-1)));
        refused("maxBlock", builder -> builder.maxBlock(Duration.ofMillis(-1)));
        refused("connectTimeout", builder -> builder.connectTimeout(Duration.ZERO));
        refused("ackTimeout", builder -> builder.ackTimeout(Duration.ZERO));
        refused("longestPause", builder -> builder.longestPause(Duration.ZERO));
    }

    private static void refused(String name, UnaryOperator<ClientSettings.Builder> mistake) {
        ClientSettings.Builder builder = mistake.apply(ClientSettings.to(SERVER));
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(error.getMessage().contains(name), error.getMessage());
    }
}
