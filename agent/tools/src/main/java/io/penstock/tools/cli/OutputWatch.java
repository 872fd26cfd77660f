package io.penstock.tools.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells when the program that reads standard output through a pipe has gone, also while nothing is written: {@code tail
 * orders | head -1} would otherwise wait for a record that may never come. Linux refuses to transfer a file into a pipe
 * without a reader, also behind the end of the file's content, where nothing is to be transferred. Where it does not,
 * and where standard output is no pipe, only the next write can tell.
 *
 * <p>Owns one thread; it ends soon after the watch.
 */
final class OutputWatch implements AutoCloseable {
    private static final Path OUTPUT = Path.of("/proc/self/fd/1");
    /**
     * Has a size of one page and a content of a few digits, so that its last byte is nothing, yet not behind its end.
     */
    private static final Path SHORT = Path.of("/sys/kernel/uevent_seqnum");

    private static final long PAUSE_MILLIS = 200;

    /** Not the thread's interruption, which would close the channel of standard output for the whole process. */
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param gone run once, on a thread of the watch, when the reader has gone */
    OutputWatch(Runnable gone) {
        Thread thread = new Thread(() -> watch(gone), "penstock-output-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Work that waits, and ends when its thread is interrupted. */
    interface Waiting {
        /** Returns the exit status. */
        int run() throws InterruptedException;
    }

    /** Runs it on the calling thread until it ends or the reader has gone; the exit status, 0 in the second case. */
    static int whileRead(Waiting work) throws InterruptedException {
        AtomicBoolean left = new AtomicBoolean();
        Thread own = Thread.currentThread();
        try (OutputWatch watch = new OutputWatch(() -> {
            left.set(true);
            own.interrupt();
        })) {
            return work.run();
        } catch (InterruptedException stop) {
            if (left.get()) {
                return 0;
            }
            throw stop;
        }
    }

    private void watch(Runnable gone) {
        if (!isPipe()) {
            return;
        }
        try (FileChannel nothing = FileChannel.open(SHORT, StandardOpenOption.READ)) {
            // Never closed: that would close standard output.
            FileChannel pipe = new FileOutputStream(FileDescriptor.out).getChannel();
            // Throws where this does not work at all.
            nothing.transferTo(nothing.size() - 1, 1, pipe);
            while (hasReader(nothing, pipe)) {
                if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            gone.run();
        } catch (IOException e) {
            // The next write tells.
        } catch (InterruptedException e) {
            // Nothing here interrupts it; standard output is left alone.
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(OUTPUT).toString().startsWith("pipe:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean hasReader(FileChannel nothing, FileChannel pipe) {
        try {
            nothing.transferTo(nothing.size() - 1, 1, pipe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
