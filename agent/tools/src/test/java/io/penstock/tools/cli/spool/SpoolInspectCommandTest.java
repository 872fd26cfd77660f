package io.penstock.tools.cli.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.DiskSpools;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpoolListener;
import io.penstock.delivery.spool.SpoolSettings;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.delivery.spool.WhenFull;
import io.penstock.fixtures.Typed;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Damage on disk is named wherever a person looks: by the command for a stopped agent, and in a running one's status.
 */
@Isolated("it captures the process's output")
@Tag("slow")
class SpoolInspectCommandTest {
    private static final StreamId SENSORS = new StreamId("default", "sensors");
    private static final SpoolSettings SETTINGS = new SpoolSettings(64 << 20, 0, WhenFull.BLOCK, 3);

    @TempDir
    Path data;

    private final AtomicReference<Backlog> backlog = new AtomicReference<>();
    private final SpoolListener listener = new SpoolListener() {
        @Override
        public void opened(Backlog opened) {
            backlog.set(opened);
        }

        @Override
        public void failed(StreamId stream, Throwable cause) {
            throw new AssertionError(stream + " failed", cause);
        }
    };

    @Test
    void damageIsNamedWithItsEventsItsFileAndWhatToDo() throws IOException {
        write(40);
        Path segment = damageTheMiddle();
        Typed typed = Typed.into(PenstockCommand::execute, "spool", "inspect", "--data", data.toString());
        assertEquals(0, typed.status(), typed.err());
        assertTrue(typed.out().contains("damaged: "), typed.out());
        assertTrue(typed.out().contains(segment.toString()), typed.out());
        assertTrue(typed.out().contains("check it"), typed.out());
    }

    @Test
    void aRunningAgentsStatusNamesItToo() throws IOException {
        write(40);
        Path segment = damageTheMiddle();
        try (LogSystem logs = LogSystem.create(AgeClock.system());
                DiskSpools spools = DiskSpools.open(data.resolve("spool"), SETTINGS, logs, listener)) {
            await().until(() -> backlog.get() != null);
            String damage = spools.status().get(0).losses().damage();
            assertTrue(damage.startsWith("its spool is damaged: "), damage);
            assertTrue(damage.contains("1 event in " + segment), damage);
            assertTrue(damage.contains("check it"), damage);
        }
    }

    @Test
    void aSoundSpoolIsNotCalledDamaged() throws IOException {
        write(3);
        Typed typed = Typed.into(PenstockCommand::execute, "spool", "inspect", "--data", data.toString());
        assertTrue(typed.out().contains("3 events wait"), typed.out());
        assertFalse(typed.out().contains("damage"), typed.out());
    }

    private void write(int records) throws IOException {
        try (LogSystem logs = LogSystem.create(AgeClock.system());
                DiskSpools spools = DiskSpools.open(data.resolve("spool"), SETTINGS, logs, listener)) {
            Spool spool = spools.spool(SENSORS);
            for (int i = 0; i < records; i++) {
                EntryBlock block = new EntryBlock(1 << 10, 1 << 20);
                SpooledRecord.begin(block, "key");
                byte[] bytes = ("record " + i + "x".repeat(500)).getBytes(StandardCharsets.UTF_8);
                block.put(bytes, 0, bytes.length);
                block.end();
                await().until(() -> spool.append(block) != Spool.FULL);
                int end = i + 1;
                await().until(() -> spool.durable().end() == end);
            }
        }
        backlog.set(null);
    }

    /** Overwrites a few bytes of one record in the middle. */
    private Path damageTheMiddle() throws IOException {
        Path home = data.resolve("spool").resolve(SENSORS.folder());
        Path segment;
        try (var files = Files.list(home)) {
            segment = files.filter(each -> !each.getFileName().toString().matches("checkpoint.*|lock|watermark"))
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
        byte[] all = Files.readAllBytes(segment);
        int at = new String(all, StandardCharsets.ISO_8859_1).indexOf("record 20x");
        assertTrue(at > 0, () -> segment + " has no record 20");
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), at + 20);
        }
        return segment;
    }
}
