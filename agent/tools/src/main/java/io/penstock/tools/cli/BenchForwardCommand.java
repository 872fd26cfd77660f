package io.penstock.tools.cli;

import io.penstock.tools.bench.wire.ForwardLoad;
import io.penstock.tools.bench.wire.ForwardLoad.Mode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock bench forward}. */
@Command(
        name = "forward",
        description = "Sends chunks over the forward protocol, as Fluentd and Fluent Bit do.",
        footer = {
            "",
            "Examples:",
            "  penstock bench forward --verify",
            "  penstock bench forward --mode gzip --chunk 2000 --connections 4",
            "  penstock bench forward --mode message --no-ack --seconds 10"
        })
final class BenchForwardCommand implements Callable<Integer> {
    private static final int MAX_CHUNK = 1_000_000;
    private static final int MAX_WINDOW = 10_000;

    @Option(
            names = "--port",
            defaultValue = "24224",
            description = "The agent's forward port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--mode",
            defaultValue = "packed",
            description = "${COMPLETION-CANDIDATES}, in small letters, too. Default: ${DEFAULT-VALUE}.")
    private Mode mode = Mode.PACKED;

    @Option(
            names = "--chunk",
            paramLabel = "N",
            defaultValue = "500",
            description = "Events in each chunk; in mode message always 1. Default: ${DEFAULT-VALUE}.")
    private int chunk;

    @Option(
            names = "--ack",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Ask for acknowledgements. Default: yes.")
    private boolean ack;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "8",
            description = "Chunks of each connection that wait for their acknowledgement. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(names = "--tag", defaultValue = "bench", description = "The events' tag. Default: ${DEFAULT-VALUE}.")
    private String tag = "bench";

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        BenchOptions.inRange("--chunk", chunk, 1, MAX_CHUNK);
        BenchOptions.inRange("--window", window, 1, MAX_WINDOW);
        options.security().requireNone("bench forward has no login: test with a listener without shared-key");
        int events = mode == Mode.MESSAGE ? 1 : chunk;
        return options.run(spec, new ForwardLoad(mode, events, ack, window, tag), port, "forward");
    }
}
