package io.penstock.engine;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.api.CallMemory;
import io.penstock.engine.api.Counting;
import io.penstock.engine.api.KinesisApi;
import io.penstock.engine.api.KinesisServer;
import io.penstock.engine.api.KinesisService;
import io.penstock.engine.auth.SignatureCheck;
import io.penstock.engine.limit.StreamLimits;
import io.penstock.engine.meter.EngineMeters;
import io.penstock.engine.stream.Resharding;
import io.penstock.engine.stream.Streams;
import io.penstock.engine.tls.TlsDoor;
import io.penstock.engine.watch.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;

/**
 * Starts the engine's server.
 *
 * @param limits of shards and calls
 * @param counting what becomes of calls
 * @param watch the traffic and the readers of shards
 */
record ApiServer(EngineSettings settings, StreamLimits limits, EngineMeters counting, Watch watch) {
    /** The server, and what a console needs of the engine. */
    record Started(KinesisServer server, EngineView view) {}

    /**
     * Starts to listen; ready on return.
     *
     * @param signatures checks whose calls these are; empty to let anyone call
     * @param door completes with the TLS support; empty for plain HTTP only
     * @throws IOException naming the address, or the certificate's files
     */
    Started start(
            KinesisApi.Holdings holdings,
            Optional<SignatureCheck> signatures,
            CompletableFuture<Optional<TlsDoor>> door)
            throws IOException {
        Optional<TlsDoor> opened;
        try {
            opened = door.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException failure ? failure.getCause() : new IOException(e);
        }
        MeterRegistry meters = StreamEngine.meters(settings);
        CallMemory memory = settings.surroundings()
                .memory()
                .orElseGet(() -> CallMemory.whole(MemoryBudget.ofHeap(MemoryBudget.HEAP_SHARE)));
        KinesisService service = api(signatures).over(holdings, new KinesisApi.Bounds(memory, limits, counting, watch));
        EngineView view = new EngineView(
                holdings.streams(),
                holdings.clock(),
                watch,
                service.puts(),
                new Resharding(
                        holdings.streams(), holdings.clock(), settings.service().transition()));
        EnginePages pages = settings.surroundings().pages();
        gauges(holdings.streams(), meters);
        KinesisServer server = KinesisServer.start(
                new KinesisServer.Place(
                        "penstock-engine",
                        List.of(settings.network().listen()),
                        settings.surroundings().connections()),
                service,
                new Counting(counting),
                meters,
                pipeline -> opened.ifPresent(tls -> tls.accept(pipeline)),
                (builder, guard) -> pages.route(builder, guard, view));
        return new Started(server, view);
    }

    private KinesisApi api(Optional<SignatureCheck> signatures) {
        EngineSettings.Service service = settings.service();
        return new KinesisApi(
                service.transition(),
                service.retentionHours(),
                settings.storage().data().isEmpty(),
                KinesisServer.MAX_REQUEST_BYTES,
                settings.network().hosts(),
                settings.network().origins(),
                signatures);
    }

    private static void gauges(Streams streams, MeterRegistry meters) {
        gauge("streams", "Streams.", streams, Streams::size, meters);
        gauge("streams.unusable", "Streams that are stored and cannot be used.", streams, Streams::unusable, meters);
        gauge("shards.open", "Open shards.", streams, Streams::openShards, meters);
        gauge("disk.bytes", "Disk that records take.", streams, Streams::sizeBytes, meters);
    }

    private static void gauge(
            String name, String description, Streams of, ToDoubleFunction<Streams> value, MeterRegistry meters) {
        Gauge.builder("penstock.engine." + name, of, value)
                .description(description)
                .register(meters);
    }
}
