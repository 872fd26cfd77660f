package io.penstock.journal.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Measures the possible gain of overlapping forces: one thread that writes and forces K messages per call, against
 * several at once that share the K messages, as overlapping batches would share the clients of a closed loop. Each
 * thread has its own descriptor, because the system reports a failed force once per descriptor. Usage: {@code
 * ForceDepth FOLDER [ROUNDS]}.
 */
public final class ForceDepth {
    private static final int FILE = 64 << 20;
    private static final long NANOS = 100_000_000;

    private ForceDepth() {}

    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]).resolve("depth");
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 21;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(FILE), 0);
            channel.force(true);
        }
        for (int messages : new int[] {50, 200, 500}) {
            for (int depth : new int[] {2, 4, 8}) {
                double[] forces = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    double one = perSecond(file, 1, messages);
                    forces[round] = perSecond(file, depth, messages) / one;
                }
                Arrays.sort(forces);
                double median = forces[rounds / 2];
                System.out.printf(
                        Locale.ROOT,
                        "K=%d, %d at once: %.2f times the forces, %.2f times the messages, median of %d rounds%n",
                        messages,
                        depth,
                        median,
                        median / depth,
                        rounds);
            }
        }
    }

    /** Forces per second of {@code depth} threads, each with its share of the messages. */
    private static double perSecond(Path file, int depth, int messages) {
        AtomicInteger position = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        long end = System.nanoTime() + NANOS;
        Thread[] threads = IntStream.range(0, depth)
                .mapToObj(i -> new Thread(() -> write(file, messages / depth, position, done, end)))
                .toArray(Thread[]::new);
        Arrays.stream(threads).forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return done.get() * 1e9 / NANOS;
    }

    private static void write(Path file, int messages, AtomicInteger position, AtomicInteger done, long end) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer frames = ByteBuffer.allocateDirect(messages * LogBench.MESSAGE);
            while (System.nanoTime() < end) {
                int at = Math.floorMod(position.getAndAdd(frames.capacity()), FILE - frames.capacity());
                channel.write(frames.clear(), at);
                channel.force(false);
                done.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
