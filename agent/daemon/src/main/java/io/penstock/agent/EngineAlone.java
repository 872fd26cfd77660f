package io.penstock.agent;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.penstock.agent.condition.Conditions;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.console.EngineConsole;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.text.CauseText;
import io.penstock.base.time.AgeClock;
import io.penstock.base.time.TimeSource;
import io.penstock.delivery.spool.disk.DataFolder;
import io.penstock.delivery.spool.disk.DiskSpace;
import io.penstock.delivery.spool.disk.DiskWatch;
import io.penstock.engine.EngineListener;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.api.CallMemory;
import io.penstock.journal.AgeClockFile;
import io.penstock.journal.LogSystem;
import io.penstock.journal.LogTuning;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream engine without the agent around it. {@link #start} and {@link #close} block; the rest is for any thread.
 */
public final class EngineAlone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineAlone.class);

    private final Resources resources;
    private final StreamEngine engine;
    private volatile Optional<String> failure = Optional.empty();
    private volatile Runnable onFailure = () -> {};

    private EngineAlone(
            Configuration configuration,
            boolean ephemeral,
            boolean allowChanges,
            UnaryOperator<EngineSettings> more,
            Resources resources)
            throws IOException {
        this.resources = resources;
        EngineListener listener = new EngineListener() {
            @Override
            public void streamFailed(String stream, Throwable cause) {
                fail("stream " + stream + " cannot be written: " + CauseText.orUnknown(cause));
            }
        };
        MemoryBudget budget = MemoryBudget.ofHeap(configuration.memory().share());
        LogTuning journal = AgentMemory.journal(budget);
        EngineSettings settings;
        if (ephemeral) {
            settings = Composition.ephemeral(configuration);
        } else {
            DataFolder folder = resources.add("The data folder", DataFolder.take(configuration.data()));
            Conditions conditions = resources.add("The conditions", Conditions.start());
            DiskWatch watch = resources.add(
                    "The disk watch",
                    DiskWatch.start(
                            folder.path(),
                            () -> DiskSpace.of(
                                    folder.path(), configuration.spool().reserve()),
                            Optional::empty));
            conditions.add(() -> watch.why().map(why -> new Finding(Place.AGENT, why)).stream()
                    .toList());
            // The agent with an embedded engine has the same folder, and the same clock in it.
            AgeClock ages = resources.add("The clock", AgeClockFile.open(folder.path(), TimeSource.system()));
            LogSystem logs = resources.add("The logs", LogSystem.create(ages, journal));
            settings = Composition.embedded(configuration, folder.path().resolve("engine"), logs, listener);
        }
        NativeParts.prepare(configuration, ephemeral ? Optional.empty() : Optional.of(configuration.data()));
        Descriptors descriptors = Descriptors.ofProcess(configuration, configuration.data());
        EngineConsole console =
                resources.add("The console", new EngineConsole(allowChanges, new CompositeMeterRegistry()));
        this.engine = resources.add(
                "The stream engine",
                StreamEngine.start(console.on(more.apply(settings))
                        .withMaxStreams(Math.min(settings.service().maxStreams(), descriptors.streams()))
                        .withConnections(descriptors.ofEngineAlone())
                        .withMemory(CallMemory.whole(budget))
                        .withListener(listener)));
    }

    /**
     * Starts an engine that answers when this returns.
     *
     * @param ephemeral whether its streams end with it
     * @param allowChanges whether the console may change something, if the engine listens on a loopback address
     * @param more what the command line says beyond the configuration
     * @throws StartFailure when something stands in the way
     */
    public static EngineAlone start(
            Configuration configuration, boolean ephemeral, boolean allowChanges, UnaryOperator<EngineSettings> more)
            throws StartFailure {
        return Resources.start(resources -> new EngineAlone(configuration, ephemeral, allowChanges, more, resources));
    }

    /** Makes the stream unless it exists. */
    public void create(String stream, int shards, String region) throws StartFailure {
        try {
            engine.createStream(stream, shards, region);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartFailure("stream " + stream + ": " + e.getMessage(), e);
        }
    }

    public InetSocketAddress address() {
        return engine.address();
    }

    public Path data() {
        return engine.data();
    }

    /** The generated certificate's authority, for clients to trust; empty when none was generated. */
    public Optional<Path> authority() {
        return engine.authority();
    }

    public int streams() {
        return engine.streamCount();
    }

    private void fail(String reason) {
        LOG.error("The engine stops with exit status 1: {}", reason);
        failure = Optional.of(reason);
        onFailure.run();
    }

    /** Runs {@code action} when the engine can go on no longer; at once if that has happened already. */
    public void onFailure(Runnable action) {
        onFailure = action;
        if (failure.isPresent()) {
            action.run();
        }
    }

    /** Why the engine can go on no longer; empty while it can. */
    public Optional<String> failure() {
        return failure;
    }

    @Override
    public void close() {
        resources.close();
    }
}
