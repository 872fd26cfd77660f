package io.penstock.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A disk in memory that loses unforced data, sector by sector, and fails on demand. One seeded random source decides
 * everything, so that a run can be repeated.
 *
 * <p>Every file has two contents: what the system's cache shows, and what the disk has. Every folder change is pending,
 * in order, until the folder is forced. {@link #cutPower} keeps any subset of unforced sectors and any prefix of the
 * pending folder changes; {@link #kill} only ends the process, and the cache stays. Thread-safe.
 */
public final class SimulatedDisk implements Disk {
    /** The machine stopped in the middle of a call; the code under test must be discarded. */
    public static final class PowerCut extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A failure that can be armed. */
    public enum Fault {
        /** The power is cut at this call. */
        POWER_CUT,
        /** A write stores a part, or a force loses data, and the call fails. */
        IO_ERROR
    }

    private final Random random;
    private final Map<Path, SimulatedFile> names = new HashMap<>();
    private final Map<Path, SimulatedFile> durableNames = new HashMap<>();
    private final List<Consumer<Map<Path, SimulatedFile>>> waiting = new ArrayList<>();
    private final Set<Path> locks = new HashSet<>();
    private long capacity = Long.MAX_VALUE / 2;
    private int generation;
    private int callsLeft = -1;
    private Fault armed = Fault.POWER_CUT;
    private int lentUntilShort = -1;
    private int shortCalls;
    private boolean readOnly;
    private boolean shortWrites;
    private boolean down;
    private long calls;
    private long reads;
    private long forces;
    private int openFiles;

    public SimulatedDisk(Random random) {
        this.random = random;
    }

    /** The {@code calls}-th changing call from now on fails; -1 disarms. */
    public synchronized void arm(Fault fault, int calls) {
        armed = fault;
        callsLeft = calls;
    }

    public synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    public synchronized void readOnly(boolean on) {
        readOnly = on;
    }

    /** After {@code calls} more calls that need a descriptor, the next {@code many} get none. */
    public synchronized void runOutOfDescriptors(int calls, int many) {
        lentUntilShort = calls;
        shortCalls = many;
    }

    /** True if a shortage is armed or present. */
    public synchronized boolean isShortage() {
        return shortCalls > 0;
    }

    private void lend(Path path) throws ShortageException {
        if (shortCalls > 0 && lentUntilShort-- <= 0) {
            shortCalls--;
            throw new ShortageException(path + ": Too many open files");
        }
    }

    /** The names of all files, in the system's cache. */
    public synchronized int files() {
        return names.size();
    }

    public synchronized void shortWrites(boolean on) {
        shortWrites = on;
    }

    /** Changing calls so far. */
    public synchronized long calls() {
        return calls;
    }

    /** Reads so far. */
    public synchronized long reads() {
        return reads;
    }

    /** Forces of files so far. */
    public synchronized long forces() {
        return forces;
    }

    /** Files that were opened since the process started and are not closed. */
    public synchronized int openFiles() {
        return openFiles;
    }

    public synchronized boolean isDown() {
        return down;
    }

    /** The process ends; the system and its cache continue. */
    public synchronized void kill() {
        generation++;
        locks.clear();
        openFiles = 0;
        callsLeft = -1;
        down = false;
    }

    /** The machine stops and comes back. */
    public synchronized void cutPower() {
        kill();
        int survive = random.nextInt(4);
        int ops = survive == 0 ? 0 : survive == 1 ? waiting.size() : random.nextInt(waiting.size() + 1);
        waiting.subList(0, ops).forEach(op -> op.accept(durableNames));
        waiting.clear();
        names.clear();
        names.putAll(durableNames);
        names.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> entry.getValue().lose(random, survive));
    }

    /** Inverts a bit of something that is on disk. Returns false if there is nothing. */
    public synchronized boolean flipBit() {
        List<Path> paths = names.keySet().stream().sorted().toList();
        for (int tries = 0; tries < 50 && !paths.isEmpty(); tries++) {
            if (names.get(paths.get(random.nextInt(paths.size()))).flip(random)) {
                return true;
            }
        }
        return false;
    }

    /** Overwrites a range of the file, in cache and on disk, with random bytes. */
    public synchronized void overwrite(Path file, long from, long to) {
        names.get(file).noise(random, (int) from, (int) to);
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        if (readOnly) {
            throw new IOException(folder + ": Read-only file system");
        }
    }

    @Override
    public synchronized List<String> list(Path folder) throws IOException {
        lend(folder);
        return names.keySet().stream()
                .filter(path -> folder.equals(path.getParent()))
                .map(path -> path.getFileName().toString())
                .sorted()
                .toList();
    }

    @Override
    public synchronized DiskFile create(Path path) throws IOException {
        lend(path);
        change(path);
        SimulatedFile file = new SimulatedFile();
        rename(map -> map.put(path, file));
        return new Handle(path, file, generation, Access.WRITE);
    }

    @Override
    public synchronized DiskFile openForAppending(Path path) throws IOException {
        lend(path);
        if (readOnly) {
            throw new IOException(path + ": Read-only file system");
        }
        return new Handle(path, existing(path), generation, Access.APPEND);
    }

    @Override
    public synchronized DiskFile open(Path path) throws IOException {
        lend(path);
        if (readOnly) {
            throw new IOException(path + ": Read-only file system");
        }
        return new Handle(path, existing(path), generation, Access.WRITE);
    }

    @Override
    public synchronized DiskFile openForReading(Path path) throws IOException {
        lend(path);
        return new Handle(path, existing(path), generation, Access.READ);
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        change(from);
        SimulatedFile file = existing(from);
        rename(map -> {
            map.remove(from);
            map.put(to, file);
        });
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        change(file);
        rename(map -> map.remove(file));
    }

    @Override
    public synchronized void forceFolder(Path folder) throws IOException {
        lend(folder);
        change(folder);
        waiting.forEach(op -> op.accept(durableNames));
        waiting.clear();
    }

    @Override
    public synchronized long usableBytes(Path folder) {
        return capacity - used();
    }

    @Override
    public synchronized Closeable lock(Path file) throws IOException {
        lend(file);
        if (!locks.add(file)) {
            throw new IOException("The log folder " + file.getParent() + " is in use.");
        }
        int mine = generation;
        return () -> unlock(file, mine);
    }

    private synchronized void unlock(Path file, int mine) {
        if (mine == generation) {
            locks.remove(file);
        }
    }

    private void rename(Consumer<Map<Path, SimulatedFile>> op) {
        op.accept(names);
        waiting.add(op);
    }

    private SimulatedFile existing(Path path) throws IOException {
        SimulatedFile file = names.get(path);
        if (file == null) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    private long used() {
        return names.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    /** Counts a changing call, and fails it if it is the armed one. */
    private void change(Path path) throws IOException {
        if (strikes()) {
            throw new IOException(path + ": Input/output error");
        }
        if (readOnly) {
            throw new IOException(path + ": Read-only file system");
        }
    }

    private boolean strikes() {
        if (down) {
            throw new PowerCut();
        }
        calls++;
        if (callsLeft < 0 || callsLeft-- > 0) {
            return false;
        }
        if (armed == Fault.POWER_CUT) {
            down = true;
            throw new PowerCut();
        }
        return true;
    }

    private enum Access {
        READ,
        WRITE,
        /** Whole blocks are written: zeroes follow the data. */
        APPEND
    }

    private final class Handle implements DiskFile {
        private final Path path;
        private final SimulatedFile file;
        private final int mine;
        private final Access access;
        private boolean closed;

        Handle(Path path, SimulatedFile file, int mine, Access access) {
            this.path = path;
            this.file = file;
            this.mine = mine;
            this.access = access;
            openFiles++;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            if (access != Access.APPEND) {
                return store(source, position);
            }
            int length = source.remaining();
            int padding = (int) (-(position + length) & BLOCK - 1);
            ByteBuffer blocks = ByteBuffer.allocate(length + padding)
                    .put(source.duplicate())
                    .clear();
            int stored = Math.min(length, store(blocks, position));
            source.position(source.position() + stored);
            return stored;
        }

        private int store(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                check(true);
                int length = source.remaining();
                boolean fails;
                try {
                    fails = strikes();
                } catch (PowerCut e) {
                    file.writeSome(source, position, random);
                    throw e;
                }
                if (fails) {
                    file.writeSome(source, position, random);
                    throw new IOException(path + ": Input/output error");
                }
                if (position + length > file.size() && used() + position + length - file.size() > capacity) {
                    throw new NoSpaceException(path + ": No space left on device");
                }
                if (shortWrites && length > 1 && random.nextInt(3) == 0) {
                    length = 1 + random.nextInt(length);
                }
                file.write(source, position, length);
                return length;
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                check(false);
                reads++;
                return file.read(target, position);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimulatedDisk.this) {
                check(true);
                forces++;
                if (strikes()) {
                    file.forceBadly(random);
                    throw new IOException(path + ": Input/output error");
                }
                file.force();
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedDisk.this) {
                check(false);
                return file.size();
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                check(true);
                change(path);
                file.truncate(size);
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedDisk.this) {
                if (!closed && mine == generation) {
                    openFiles--;
                }
                closed = true;
            }
        }

        private void check(boolean change) throws IOException {
            if (closed) {
                throw new java.nio.channels.ClosedChannelException();
            }
            if (mine != generation || down) {
                throw new PowerCut();
            }
            if (change && (readOnly || access == Access.READ)) {
                throw new IOException(path + ": Read-only file system");
            }
        }
    }
}
