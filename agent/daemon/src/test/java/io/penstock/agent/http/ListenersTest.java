package io.penstock.agent.http;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ListenersTest {
    @Test
    @Timeout(60)
    void aServerWhoseConnectionsDoNotEndIsNotAwaitedForEver() {
        CompletableFuture<Void> stop = new CompletableFuture<>();
        Listeners.await(stop, Duration.ofMillis(10));
        assertFalse(stop.isDone(), "the server goes on stopping");
    }
}
