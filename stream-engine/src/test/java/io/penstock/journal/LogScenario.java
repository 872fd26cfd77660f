package io.penstock.journal;

import static io.penstock.journal.LogModel.check;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.SimulatedDisk.Fault;
import io.penstock.journal.SimulatedDisk.PowerCut;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One random life of a log on a {@link SimulatedDisk}, compared with a {@link LogModel} after every restart: appends,
 * reads, truncations, rolls; clean and other stops; failing calls, a full disk, flipped bits, a jumping clock.
 * Everything follows from the seed.
 */
final class LogScenario {
    private static final Path FOLDER = Path.of("/log");

    /**
     * If a log has no entries, only the four copies of the watermark have its end; if all of them are damaged, nothing
     * has. The end of a last batch is also in the batch itself and in the mark behind it.
     */
    private static final int MOST_FLIPS = 3;

    private final Random random;
    private final SimulatedDisk disk;
    private final StepExecutor executor;
    private final LogModel model = new LogModel();
    private final LogTuning tuning;
    private final LogSettings settings;
    private final int keys;
    private final boolean bitsFlip;
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private LogSystem system;
    private DurableLog log;
    private boolean failed;
    private int entries;
    private int flips;
    private IOException lastRefusal;

    LogScenario(long seed) {
        random = new Random(seed);
        disk = new SimulatedDisk(random);
        executor = new StepExecutor(random);
        keys = 1 + random.nextInt(5);
        bitsFlip = random.nextInt(3) == 0;
        disk.shortWrites(random.nextBoolean());
        settings = new LogSettings(1 << 20, 0, random.nextInt(4) == 0 ? AckAfter.WRITE : AckAfter.FORCE);
        tuning = new LogTuning(
                new LogTuning.Memory(
                        1024 << random.nextInt(4), 1 << 20, 1 << 20, 1 << 20, 4096 << random.nextInt(4), 1 << 14),
                new LogTuning.Segments(4096, 4096 << random.nextInt(4), Duration.ofSeconds(10)),
                Duration.ZERO);
    }

    void run() throws IOException {
        int lives = 2 + random.nextInt(4);
        for (int life = 0; life < lives; life++) {
            if (open(false)) {
                live();
            }
            stop();
        }
        disk.arm(Fault.POWER_CUT, -1);
        disk.capacity(Long.MAX_VALUE / 2);
        check(open(true), () -> "does not open on a disk without faults: " + lastRefusal);
        readEverything();
        log.close();
        check(disk.openFiles() == 0, () -> disk.openFiles() + " files are open after the end");
    }

    /** Opens the log, sometimes with a power cut in between. Entries that it serves then must stay. */
    private boolean open(boolean last) throws IOException {
        executor.forget();
        failed = false;
        if (!last && random.nextInt(5) == 0) {
            disk.arm(random.nextBoolean() ? Fault.POWER_CUT : Fault.IO_ERROR, random.nextInt(12));
        }
        system = LogSystem.create(disk, executor, AgeClock.of(() -> now), random, tuning);
        try {
            log = system.open(FOLDER, settings, new Listener());
        } catch (PowerCut e) {
            cutPower();
            return false;
        } catch (IOException e) {
            lastRefusal = e;
            check(
                    disk.isDown() || disk.openFiles() == 0,
                    () -> disk.openFiles() + " files are open after a refusal: " + e);
            disk.kill();
            return false;
        }
        disk.arm(Fault.POWER_CUT, -1);
        if (disk.isDown()) {
            cutPower();
            return false;
        }
        model.reopened(log.startOffset(), log.durableEnd());
        readEverything();
        return true;
    }

    private void live() throws IOException {
        int steps = random.nextInt(40);
        if (random.nextInt(3) == 0) {
            disk.arm(random.nextBoolean() ? Fault.POWER_CUT : Fault.IO_ERROR, random.nextInt(60));
        }
        try {
            for (int i = 0; i < steps && !disk.isDown(); i++) {
                step();
            }
        } catch (PowerCut e) {
            check(disk.isDown(), () -> "the power went, and nobody cut it");
        }
    }

    private void step() throws IOException {
        switch (random.nextInt(15)) {
            case 0, 1, 2, 3 -> append();
            case 4, 5, 6 -> executor.runOne();
            case 7 -> executor.runAll();
            case 8 -> read();
            case 9 -> readKey();
            case 10 -> seek();
            case 11 -> truncate();
            case 12 -> {
                now = now.plus(Duration.ofMinutes(random.nextInt(240) - 120));
                system.tick();
            }
            case 13 -> idle();
            default ->
                disk.capacity(!bitsFlip && random.nextInt(4) == 0 ? random.nextInt(64 << 10) : Long.MAX_VALUE / 2);
        }
    }

    private void stop() throws IOException {
        boolean open = log != null && !disk.isDown();
        if (open && random.nextInt(3) == 0 && closeCleanly()) {
            model.closed();
        }
        if (random.nextInt(3) == 0 && !disk.isDown()) {
            disk.kill();
        } else {
            cutPower();
        }
        flip();
        disk.arm(Fault.POWER_CUT, -1);
        log = null;
    }

    private void cutPower() {
        disk.cutPower();
        loseUnforced();
    }

    private void loseUnforced() {
        if (settings.ackAfter() == AckAfter.WRITE) {
            model.unforcedLost();
        }
    }

    private void flip() {
        int now = 0;
        while (bitsFlip && flips < MOST_FLIPS && random.nextInt(3) == 0 && disk.flipBit()) {
            flips++;
            now++;
        }
        if (now > 0) {
            model.tampered(now);
            loseUnforced();
        }
    }

    private boolean closeCleanly() {
        try {
            log.close();
            return !failed;
        } catch (PowerCut | IOException e) {
            return false;
        }
    }

    private void append() {
        EntryBlock block = new EntryBlock(16, 1 << 20);
        List<LogModel.Entry> content = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextInt(30) == 0 ? random.nextInt(10_000) : random.nextInt(300)];
            random.nextBytes(bytes);
            if (bytes.length >= 4) {
                bytes[0] = (byte) (entries >> 8);
                bytes[1] = (byte) entries;
            }
            entries++;
            int key = random.nextInt(keys) - 1;
            block.begin(key);
            block.put(bytes, 0, bytes.length);
            block.end();
            content.add(new LogModel.Entry(key, bytes));
        }
        long offset = log.append(block);
        if (offset >= 0) {
            model.append(offset, content);
        } else {
            check(offset != DurableLog.TOO_LARGE, () -> "too large: " + block.size());
            check(offset != DurableLog.CLOSED || failed, () -> "closed without having failed");
        }
    }

    private void truncate() {
        long to = model.acknowledged() == 0 ? 0 : random.nextLong(model.acknowledged() + 1);
        log.truncateBefore(to);
        model.truncate(to);
    }

    /** Nothing is left in the log, and for long nothing comes: it gives its disk back, in several steps. */
    private void idle() {
        executor.runAll();
        log.truncateBefore(model.acknowledged());
        model.truncate(model.acknowledged());
        now = now.plus(Duration.ofHours(random.nextInt(2)));
        for (int tick = random.nextInt(6); tick > 0; tick--) {
            system.tick();
            executor.runOne();
            executor.runAll();
        }
    }

    private void read() throws IOException {
        long from = random.nextLong(model.acknowledged() + 1);
        try (LogReader reader = log.reader()) {
            readFrom(reader, null, from, 1 + random.nextInt(3000));
        }
    }

    private void readKey() throws IOException {
        long from = random.nextLong(model.acknowledged() + 1);
        int key = random.nextInt(keys) - 1;
        try (LogReader reader = log.reader()) {
            long at = from;
            while (at < log.durableEnd()) {
                at = readFrom(reader, key, at, 1 + random.nextInt(3000));
            }
        }
    }

    private long readFrom(LogReader reader, Integer key, long from, int maxBytes) throws IOException {
        long[] expected = {Math.max(from, log.startOffset())};
        EntryVisitor visitor = (offset, k, timestamp, entry) -> {
            check(offset >= expected[0], () -> "offset " + offset + " after " + expected[0]);
            model.passedOver(expected[0], offset, key);
            check(key == null || key == k, () -> "key " + k + " when asked for " + key);
            model.visit(offset, k, entry);
            expected[0] = offset + 1;
            return true;
        };
        long next;
        if (key != null) {
            next = reader.read(key, from, maxBytes, visitor);
        } else if (maxBytes % 2 == 0) {
            next = reader.readBatches(from, maxBytes, visitor);
        } else {
            next = reader.read(from, maxBytes, visitor);
        }
        check(next > from || from >= log.durableEnd(), () -> "no progress from " + from);
        model.passedOver(expected[0], Math.min(next, model.acknowledged()), key);
        return next;
    }

    private void readEverything() throws IOException {
        long[] last = {Long.MIN_VALUE};
        try (LogReader reader = log.reader()) {
            long at = log.startOffset();
            while (at < log.durableEnd()) {
                at = readFrom(reader, null, at, 1 + random.nextInt(20_000));
            }
            reader.read(0, Integer.MAX_VALUE, (offset, key, timestamp, entry) -> {
                check(timestamp >= last[0], () -> "time falls at offset " + offset);
                last[0] = timestamp;
                return true;
            });
            for (int key = -1; key < keys - 1; key++) {
                long from = log.startOffset();
                while (from < log.durableEnd()) {
                    from = readFrom(reader, key, from, 1 + random.nextInt(20_000));
                }
            }
        }
    }

    /** The result must equal that of a walk over all entries: the first entry at or after some entry's time. */
    private void seek() throws IOException {
        long timestamp = now.plus(Duration.ofMinutes(random.nextInt(400) - 300)).toEpochMilli();
        int key = random.nextInt(keys + 1) - 1;
        long[] expected = {-1};
        try (LogReader reader = log.reader()) {
            reader.read(0, Integer.MAX_VALUE, (offset, k, at, entry) -> {
                if (at < timestamp || (key != EntryBlock.NO_KEY && k != key)) {
                    return true;
                }
                expected[0] = offset;
                return false;
            });
            long found = reader.seek(key, timestamp);
            long wanted = expected[0] < 0 ? log.durableEnd() : expected[0];
            check(found == wanted, () -> "sought " + timestamp + " of key " + key + ": " + found + ", not " + wanted);
        }
    }

    private final class Listener implements LogListener {
        private boolean over;

        @Override
        public void durable(long durableEnd) {
            check(!over, () -> "acknowledged after the failure");
            model.acknowledge(durableEnd);
        }

        @Override
        public void room() {
            // appends are retried at random anyway
        }

        @Override
        public void failed(Throwable cause) {
            check(!over, () -> "failed twice");
            over = true;
            failed = true;
            if (cause instanceof AssertionError wrong) {
                throw wrong;
            }
        }

        @Override
        public void damaged(DamagedRange range) {
            model.damaged(range);
        }
    }
}
