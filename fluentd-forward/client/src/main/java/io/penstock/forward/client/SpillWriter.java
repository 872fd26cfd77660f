package io.penstock.forward.client;

import io.penstock.forward.client.internal.chunk.Chunk;
import io.penstock.forward.client.internal.chunk.Place;
import io.penstock.forward.client.internal.chunk.SpillFile;
import io.penstock.forward.client.internal.chunk.SpillSave;
import io.penstock.forward.client.internal.message.PackedForward;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that maintains the spill file: it saves unacknowledged chunks, sealed or open, and erases acknowledged
 * ones. If the file cannot be opened or written, it tries again each second; until then events are kept in memory only.
 */
final class SpillWriter implements Runnable {
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Spill settings;
    private final ChunkSpill chunks;
    private final ClientListener listener;
    private volatile @Nullable SpillFile file;
    private boolean well = true;

    SpillWriter(Spill settings, ChunkSpill chunks, ClientListener listener) {
        this.settings = settings;
        this.chunks = chunks;
        this.listener = listener;
    }

    @Override
    public void run() {
        try (SpillFile opened = open()) {
            if (opened == null) {
                return;
            }
            file = opened;
            keep(opened);
        } catch (IOException e) {
            failed("cannot be closed", e);
        } catch (InterruptedException e) {
            // Only the client interrupts this thread, to end it.
            Thread.currentThread().interrupt();
        }
    }

    /** Opens the file; null if the client ends first. */
    private @Nullable SpillFile open() throws InterruptedException {
        while (true) {
            try {
                return restored(SpillFile.open(settings.file(), settings.maxBytes()));
            } catch (IOException | RuntimeException e) {
                chunks.unusable();
                failed("cannot be used", e);
            }
            if (!chunks.pause(PAUSE)) {
                return null;
            }
        }
    }

    private SpillFile restored(SpillFile opened) throws IOException {
        try {
            List<Chunk> found = opened.restore();
            // Set before the sender may ask for one of these chunks.
            file = opened;
            chunks.restored(found);
            well();
            if (!found.isEmpty()) {
                listener.restored(
                        settings.file(), found.stream().mapToLong(Chunk::events).sum());
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void keep(SpillFile opened) throws InterruptedException {
        while (chunks.awaitWork()) {
            for (Place place = chunks.pollErasable(); place != null; place = chunks.pollErasable()) {
                try {
                    opened.erase(place);
                } catch (IOException e) {
                    failed("cannot be written", e);
                }
            }
            SpillSave save = chunks.pollSave();
            if (save != null && !save(opened, save)) {
                chunks.pause(PAUSE);
            }
        }
    }

    private boolean save(SpillFile opened, SpillSave save) {
        Place place = null;
        try {
            place = opened.save(save.chunk(), save.message(), save.length(), save.events(), save.isWhole());
            if (place == null) {
                failed("is full", null);
            } else {
                well();
            }
        } catch (IOException e) {
            failed("cannot be written", e);
        } finally {
            chunks.saved(save, place);
        }
        return place != null;
    }

    private void well() {
        if (!well) {
            well = true;
            listener.spillWorks(settings.file());
        }
    }

    private void failed(String what, @Nullable Exception why) {
        if (well) {
            well = false;
            listener.spillFails(settings.file(), why == null ? what : what + ": " + reason(why));
        }
    }

    private static String reason(Exception why) {
        // The message of a file system exception is only the file's name.
        return why.getClass() == IOException.class ? String.valueOf(why.getMessage()) : why.toString();
    }

    /**
     * Reads a chunk that is only in the file. Called by the sender.
     *
     * @throws IOException if it is unreadable or damaged
     */
    void read(Chunk chunk, PackedForward into, byte[] source) throws IOException {
        SpillFile opened = file;
        if (opened == null) {
            throw new IOException("the spill file is not open");
        }
        opened.read(chunk, into, source);
    }
}
