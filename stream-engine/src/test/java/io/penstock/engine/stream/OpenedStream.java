package io.penstock.engine.stream;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.ManualClock;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.StreamStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A stream of one shard on any store, without an engine. */
public final class OpenedStream implements Streams.Events {
    public static final AgeClock CLOCK = AgeClock.of(new ManualClock());

    private final StreamStore.Stored stored = new StreamStore.Stored("s", 1, document());

    public LiveStream in(StreamStore store) {
        try {
            return LiveStream.open(store, stored, new Scope("000000000000", "us-east-1"), CLOCK, this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] document() {
        return MetaDocument.write(new StreamMeta(
                StreamMeta.FORMAT,
                "s",
                "id",
                new byte[16],
                0,
                StreamStatus.CREATING,
                0,
                StreamOptions.of(StreamMode.PROVISIONED, 24),
                Reshard.initial(1, 0),
                1,
                List.of(),
                new Scope("000000000000", "us-east-1")));
    }

    @Override
    public void failed(String stream, Throwable cause) {}

    @Override
    public void unusable(String reason) {}

    @Override
    public void recordsLost(String stream, long from, long to) {}
}
