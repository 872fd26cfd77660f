package io.penstock.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.base.time.AgeClock;
import io.penstock.engine.ManualClock;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.LocalStreamStore;
import io.penstock.engine.store.StreamLog;
import io.penstock.engine.store.StreamStore;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import io.penstock.journal.NoSpaceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionOnAFullDiskTest {
    private static final Scope OWN = new Scope("000000000000", "us-east-1");

    @TempDir
    Path folder;

    /** A store whose disk has no room for metadata once it is full. */
    private static final class FullStore implements StreamStore {
        private final StreamStore store;
        private boolean full;

        private FullStore(StreamStore store) {
            this.store = store;
        }

        @Override
        public List<Stored> list() throws IOException {
            return store.list();
        }

        @Override
        public Collection<String> damage() {
            return store.damage();
        }

        @Override
        public Optional<String> damage(String stream) {
            return store.damage(stream);
        }

        @Override
        public long put(String stream, long expected, byte[] metadata) throws IOException {
            if (full) {
                throw new NoSpaceException("No space left on device");
            }
            return store.put(stream, expected, metadata);
        }

        @Override
        public StreamLog open(String stream, StreamLog.Listener listener) throws IOException {
            return store.open(stream, listener);
        }

        @Override
        public void drop(String stream) throws IOException {
            store.drop(stream);
        }

        @Override
        public void close() throws IOException {
            store.close();
        }
    }

    private static LiveStream created(Streams streams, String name) throws IOException {
        StreamOptions options = StreamOptions.of(StreamMode.PROVISIONED, 24);
        return streams.create(OWN, name, 1, options, Duration.ZERO);
    }

    @Test
    void aStreamIsGoneAtOnceAndAnotherChangeIsRefused() throws IOException {
        AgeClock clock = AgeClock.of(new ManualClock());
        try (LogSystem logs = LogSystem.create(clock);
                FullStore store =
                        new FullStore(LocalStreamStore.open(folder, logs, new LogSettings(Long.MAX_VALUE, 0)));
                Streams streams = Streams.open(store, clock, new OpenedStream(), new Streams.Limits(9, 9, OWN))) {
            LiveStream kept = created(streams, "kept");
            LiveStream deleted = created(streams, "deleted");
            store.full = true;
            assertThrows(
                    NoSpaceException.class, () -> kept.change(meta -> meta.withTransition(StreamStatus.UPDATING, 1)));
            streams.delete(deleted, Duration.ofHours(1));
            assertEquals(1, streams.size());
            assertEquals(1, store.list().size());
        }
    }
}
