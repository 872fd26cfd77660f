package io.penstock.journal.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The reference: one thread writes and forces as many frames as there are clients, into a file of zeroes. */
final class RawContender implements Contender {
    private static final long FILE = 64L << 20;

    private final Path path;
    private final FileChannel channel;
    private final Latencies latencies = new Latencies();
    private long position;

    RawContender(Path folder) throws IOException {
        path = folder.resolve("raw");
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        ByteBuffer zeroes = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < FILE; at += zeroes.capacity()) {
            channel.write(zeroes.clear(), at);
        }
        channel.force(true);
    }

    @Override
    public String name() {
        return "raw";
    }

    @Override
    public Round run(int clients, long nanos) throws IOException {
        latencies.clear();
        ByteBuffer frames = ByteBuffer.allocateDirect(clients * LogBench.MESSAGE);
        long start = System.nanoTime();
        long now = start;
        long messages = 0;
        while (now - start < nanos) {
            long before = now;
            frames.clear();
            if (position + frames.limit() > FILE) {
                position = 0;
            }
            position += channel.write(frames, position);
            channel.force(false);
            now = System.nanoTime();
            latencies.add(now - before);
            messages += clients;
        }
        return latencies.round(messages, now - start);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.delete(path);
    }
}
