package io.penstock.engine;

import io.penstock.journal.Disk;
import io.penstock.journal.DiskFile;
import io.penstock.journal.NoSpaceException;
import io.penstock.journal.SimulatedDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A disk in memory whose forces a test can hold up or let fail. Thread-safe. */
final class GatedDisk implements Disk {
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private boolean closed;
    private boolean broken;
    private volatile boolean full;
    private int held;

    /** From now on forces wait. */
    void close() {
        lock.lock();
        closed = true;
        lock.unlock();
    }

    /** Lets forces go on. */
    void open() {
        lock.lock();
        closed = false;
        opened.signalAll();
        lock.unlock();
    }

    /** The number of waiting forces. */
    int held() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** Whether forces fail. */
    void broken(boolean on) {
        lock.lock();
        broken = on;
        lock.unlock();
    }

    /** Whether there is no room for another folder. */
    void full(boolean on) {
        full = on;
    }

    void capacity(long bytes) {
        disk.capacity(bytes);
    }

    private void pass() throws IOException {
        lock.lock();
        try {
            held++;
            while (closed) {
                opened.awaitUninterruptibly();
            }
            held--;
            if (broken) {
                throw new IOException("the disk does not obey");
            }
        } finally {
            lock.unlock();
        }
    }

    private DiskFile gated(DiskFile file) {
        return new DiskFile() {
            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                return file.write(source, position);
            }

            @Override
            public int read(ByteBuffer target, long position) throws IOException {
                return file.read(target, position);
            }

            @Override
            public void force() throws IOException {
                pass();
                file.force();
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void truncate(long size) throws IOException {
                file.truncate(size);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        if (full) {
            throw new NoSpaceException("No space left on device");
        }
        disk.createFolder(folder);
    }

    @Override
    public List<String> list(Path folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        return gated(disk.create(file));
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return gated(disk.open(file));
    }

    @Override
    public DiskFile openForAppending(Path file) throws IOException {
        return gated(disk.openForAppending(file));
    }

    @Override
    public DiskFile openForReading(Path file) throws IOException {
        return disk.openForReading(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        disk.forceFolder(folder);
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return disk.usableBytes(folder);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return disk.lock(file);
    }
}
