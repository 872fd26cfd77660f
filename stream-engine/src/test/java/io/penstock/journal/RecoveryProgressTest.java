package io.penstock.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.internal.recover.Recovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;

/** A long recovery reports its progress. */
class RecoveryProgressTest {
    private static final Path FOLDER = Path.of("/data/slow");
    private static final LogTuning SMALL = new LogTuning(
            new LogTuning.Memory(4096, 1 << 20, 1 << 20, 1 << 20, 64 << 10, 1 << 20),
            new LogTuning.Segments(8192, 8192, Duration.ofSeconds(10)),
            Duration.ZERO);

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final StepExecutor executor = new StepExecutor(new Random(2));
    private final EntryBlock block = new EntryBlock(2048, 2048);
    private Instant now = Instant.parse("2026-05-01T12:00:00Z");

    @Test
    void namesTheFolderAndTheSegmentsDoneOfAllEveryTwoSeconds() throws IOException {
        block.begin(EntryBlock.NO_KEY);
        block.put(new byte[2000], 0, 2000);
        block.end();
        try (DurableLog log = open()) {
            for (int i = 0; i < 30; i++) {
                log.append(block);
                executor.runAll();
            }
        }
        int segments = (int)
                disk.list(FOLDER).stream().filter(name -> name.endsWith(".seg")).count();
        List<String> said = new CopyOnWriteArrayList<>();
        Logger logger = (Logger) LogManager.getLogger(Recovery.class);
        AbstractAppender appender = new AbstractAppender("said", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                said.add(event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        Level before = logger.getLevel();
        logger.addAppender(appender);
        Configurator.setLevel(logger.getName(), Level.INFO);
        try {
            open().close();
        } finally {
            Configurator.setLevel(logger.getName(), before);
            logger.removeAppender(appender);
        }
        assertTrue(said.size() > 2, said.toString());
        assertTrue(said.get(0).startsWith("Recovering " + FOLDER + ": 2 of "), said.toString());
        assertEquals(segments / 2, said.size(), 1, said.toString());
    }

    /** On a clock that advances by a second at each reading. */
    private DurableLog open() throws IOException {
        LogSystem system = LogSystem.create(
                disk, executor, AgeClock.of(() -> now = now.plus(Duration.ofSeconds(1))), new Random(3), SMALL);
        return system.open(FOLDER, new LogSettings(1 << 20, 0), new RecordingListener());
    }
}
