package io.penstock.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.NullNode;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.ManualClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelsOfDeletedStreamsTest {
    private static final Scope OWN = new Scope("000000000000", "us-east-1");

    @TempDir
    Path folder;

    private final AtomicBoolean deleted = new AtomicBoolean();
    private Channels channels;

    @BeforeEach
    void open() throws IOException {
        channels = Channels.open(folder, AgeClock.of(new ManualClock()));
    }

    private static StreamMeta stream() {
        return new StreamMeta(
                StreamMeta.FORMAT,
                "s",
                "id",
                new byte[16],
                0,
                StreamStatus.ACTIVE,
                0,
                StreamOptions.of(StreamMode.ON_DEMAND, 24),
                Reshard.initial(1, 0),
                1,
                List.of(),
                OWN);
    }

    private void add() {
        NullNode none = NullNode.getInstance();
        Channel channel = new Channel(
                OWN,
                "c",
                "c-id",
                "id",
                0,
                StreamStatus.ACTIVE,
                0,
                new Channel.Configuration("role", none, false, none, none, none),
                Map.of());
        try {
            channels.add(channel, () -> {
                if (deleted.get()) {
                    throw ServiceException.notFound("deleted");
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aChannelThatComesDuringADeletionWaitsForItAndIsRefused() throws Exception {
        AtomicReference<CompletableFuture<Void>> adding = new AtomicReference<>();
        channels.delete(stream(), () -> {
            AtomicReference<Thread> adder = new AtomicReference<>();
            adding.set(CompletableFuture.runAsync(() -> {
                adder.set(Thread.currentThread());
                add();
            }));
            Awaitility.await().until(() -> adder.get() != null && adder.get().getState() == Thread.State.BLOCKED);
            deleted.set(true);
        });
        CompletionException refused =
                assertThrows(CompletionException.class, () -> adding.get().join());
        assertEquals(ServiceException.class, refused.getCause().getClass());
        assertEquals(List.of(), channels.in(OWN));
    }

    @Test
    void aStreamWithAChannelIsNotDeleted() {
        add();
        assertThrows(ServiceException.class, () -> channels.delete(stream(), () -> deleted.set(true)));
        assertEquals(false, deleted.get());
    }
}
