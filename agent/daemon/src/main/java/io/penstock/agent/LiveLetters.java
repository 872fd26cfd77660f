package io.penstock.agent;

import io.penstock.base.ack.Watermark;
import io.penstock.delivery.sender.Delivery;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.deadletter.LetterFile;
import io.penstock.delivery.sender.deadletter.LetterReader;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.Spools;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.TooManyStreamsException;
import io.penstock.journal.EntryBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Returns dead letters to their spools, or deletes them, while the agent runs. The letters are taken away from the
 * sender first; their file is deleted once all of them are on disk in the spool, so that an interrupted replay causes
 * duplicates, but no loss. One call at a time; blocks.
 */
final class LiveLetters {
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int LARGEST_BLOCK = 32 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 5;

    private final Path folder;
    private final Spools spools;
    private final Delivery delivery;

    /** @param data the data folder */
    LiveLetters(Path data, Spools spools, Delivery delivery) {
        this.folder = DeadLetters.folder(data);
        this.spools = spools;
        this.delivery = delivery;
    }

    /** What is done with the letters of a file; returns how many there are. */
    @FunctionalInterface
    private interface Work {
        long on(Path file) throws IOException;
    }

    /**
     * Puts the letters behind what waits in the spool.
     *
     * @return how many
     * @throws IOException if a letter cannot be read, or the spool takes none
     */
    synchronized long replay(StreamId stream) throws IOException {
        if (areNone(stream)) {
            return 0;
        }
        Spool spool = spool(stream);
        return each(stream, file -> replay(file, spool));
    }

    /** Deletes the letters; returns how many there were. */
    synchronized long drop(StreamId stream) throws IOException {
        if (areNone(stream)) {
            return 0;
        }
        Spool unused = spool(stream);
        return each(stream, file -> {
            try (var lines = LetterFile.lines(file)) {
                return lines.lines().count();
            }
        });
    }

    private boolean areNone(StreamId stream) {
        Path file = folder.resolve(stream.folder() + DeadLetters.SUFFIX);
        return !Files.exists(file) && !Files.exists(DeadLetters.taken(file));
    }

    /** Letters that are refused again at once are for the next call: this one ends. */
    private long each(StreamId stream, Work work) throws IOException {
        DeadLetters letters = letters(stream);
        boolean interrupted = letters.areTaken();
        long count = take(letters, work);
        return interrupted ? count + take(letters, work) : count;
    }

    private static long take(DeadLetters letters, Work work) throws IOException {
        Optional<Path> taken = letters.takeAway();
        if (taken.isEmpty()) {
            return 0;
        }
        long count = work.on(taken.get());
        letters.finish();
        return count;
    }

    /** Opens the stream's spool, which has a sender then. */
    private Spool spool(StreamId stream) throws IOException {
        try {
            return spools.spool(stream);
        } catch (TooManyStreamsException tooMany) {
            throw new IOException(tooMany.getMessage(), tooMany);
        }
    }

    private DeadLetters letters(StreamId stream) throws IOException {
        await(() -> delivery.deadLetters(stream).isPresent(), "the stream " + stream + " has no sender");
        return delivery.deadLetters(stream).orElseThrow();
    }

    private static long replay(Path file, Spool spool) throws IOException {
        long count = LetterReader.forEach(file, letter -> {});
        LetterFile.keepTorn(file);
        EntryBlock block = new EntryBlock(BLOCK_BYTES, LARGEST_BLOCK);
        long[] last = {-1};
        LetterReader.forEach(file, letter -> {
            LetterReader.write(letter, block);
            if (block.size() >= BLOCK_BYTES) {
                last[0] = append(spool, block);
            }
        });
        if (block.count() > 0) {
            last[0] = append(spool, block);
        }
        Watermark durable = spool.durable();
        await(() -> durable.end() > last[0] || durable.failed(), "the disk does not answer");
        if (durable.failed()) {
            throw new IOException("the spool failed; the letters stay in " + file);
        }
        return count;
    }

    private static long append(Spool spool, EntryBlock block) throws IOException {
        long[] offset = {Spool.FULL};
        await(
                () -> {
                    offset[0] = spool.append(block);
                    return offset[0] != Spool.FULL;
                },
                "the spool is full");
        if (offset[0] < 0) {
            throw new IOException("the spool does not take the letters: it is full, has failed or is closing");
        }
        block.clear();
        return offset[0];
    }

    private static void await(BooleanSupplier condition, String otherwise) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IOException(otherwise + "; try again later");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("the agent is stopping", stop);
            }
        }
    }
}
