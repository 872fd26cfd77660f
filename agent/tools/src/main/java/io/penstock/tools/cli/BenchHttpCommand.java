package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.route.StreamName;
import io.penstock.tools.bench.wire.HttpLoad;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock bench http}. */
@Command(
        name = "http",
        description = "Posts JSON lines over HTTP/1.1, one request at a time on each connection.",
        footer = {
            "",
            "Examples:",
            "  penstock bench http --verify",
            "  penstock bench http --connections 50 --batch 1 --seconds 10",
            "  penstock bench http --stream orders --rate 1000 --seconds 60 --json"
        })
final class BenchHttpCommand implements Callable<Integer> {
    private static final int MAX_BATCH = 1_000_000;

    @Option(names = "--port", defaultValue = "9880", description = "The agent's HTTP port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            defaultValue = "bench",
            description = "The stream to post to. Default: ${DEFAULT-VALUE}.")
    private String stream = "bench";

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Events in each request. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        BenchOptions.inRange("--batch", batch, 1, MAX_BATCH);
        if (!StreamName.valid(stream)) {
            throw CommandFailure.wrongUsage(
                    "--stream '" + stream + "': a stream's name is 1 to 128 letters, digits, '_', '.' or '-'");
        }
        return options.run(spec, new HttpLoad(stream, batch, options.security().login(true)), port, stream);
    }
}
