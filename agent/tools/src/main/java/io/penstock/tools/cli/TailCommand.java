package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.route.StreamName;
import io.penstock.tools.tail.Tail;
import io.penstock.tools.tail.TailPrinter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** {@code penstock tail}: a stream's records on standard output, as they come. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = {
            "Follows a stream live, all shards at once, and prints each record on a line.",
            "A payload that is no text or holds control characters is printed as base64:...",
            "Begins with the records of the last ten minutes unless told otherwise.",
            "Notices go to standard error. Ctrl-C ends it."
        })
final class TailCommand implements Callable<Integer> {
    private static final Duration RECENT = Duration.ofMinutes(10);

    @Parameters(paramLabel = "STREAM", description = "Its name. One that does not exist yet is waited for.")
    private String stream = "";

    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @ArgGroup
    private @Nullable Start start;

    /** At most one of these says where to begin. */
    static final class Start {
        @Option(names = "--from-start", description = "Begin with the oldest record that the stream still has.")
        boolean oldest;

        @Option(names = "--from-now", description = "Begin with what comes from now on.")
        boolean now;

        @Option(
                names = "--since",
                paramLabel = "DURATION",
                description = "Begin with what arrived that long ago or later: 30s, 15m, 2h.")
        @Nullable
        String since;
    }

    @Option(
            names = {"-n", "--records"},
            paramLabel = "COUNT",
            description = "Stop after this many records.")
    private long records = Long.MAX_VALUE;

    @Option(names = "--no-follow", description = "Stop when everything that is there has been printed.")
    private boolean noFollow;

    @Option(
            names = "--json",
            description = "Print objects with shard, sequence_number, partition_key, arrived, and data or data_base64.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!StreamName.valid(stream)) {
            throw CommandFailure.wrongUsage(
                    "'" + stream + "' is no stream name; write 1 to 128 letters, digits, '_', '.' or '-'");
        }
        if (records < 1) {
            throw CommandFailure.wrongUsage("--records " + records + ": at least 1");
        }
        Tail.Settings settings = new Tail.Settings(stream, start(), !noFollow, records);
        TailPrinter printer = new TailPrinter(
                spec.commandLine().getOut(),
                spec.commandLine().getErr(),
                json ? TailPrinter.Form.JSON : TailPrinter.Form.PAYLOAD);
        try (KinesisAsyncClient client = endpoint.connect();
                Tail tail = Tail.start(client, settings, printer);
                OutputWatch watch = new OutputWatch(tail::close)) {
            tail.done().join();
            return 0;
        } catch (CompletionException e) {
            throw e.getCause() instanceof Tail.Failure failure ? CommandFailure.failed(failure.text()) : e;
        }
    }

    private Tail.Start start() {
        if (start != null && start.oldest) {
            return new Tail.Start.Oldest();
        }
        if (start != null && start.now) {
            return new Tail.Start.Now();
        }
        Duration back = start == null || start.since == null ? RECENT : duration(start.since);
        return new Tail.Start.At(Instant.now().minus(back));
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw CommandFailure.wrongUsage("--since " + text + " is no duration; write 30s, 15m or 2h");
        }
    }
}
