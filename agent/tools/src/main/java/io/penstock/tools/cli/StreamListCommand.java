package io.penstock.tools.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/** {@code penstock streams list}, and {@code penstock streams} alone. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the streams, as streams without a sub-command does.")
final class StreamListCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        return list(endpoint, spec.commandLine().getOut());
    }

    /** Prints a line for each stream of {@code endpoint}; the exit status. */
    static int list(EndpointOptions endpoint, PrintWriter out) {
        try (KinesisAsyncClient client = endpoint.connect()) {
            String after = "";
            boolean more = true;
            while (more) {
                ListStreamsResponse page = page(endpoint, client, after);
                if (after.isEmpty()) {
                    out.printf(Locale.ROOT, "%-40s %-10s %6s %10s%n", "STREAM", "STATUS", "SHARDS", "RETENTION");
                }
                for (String name : page.streamNames()) {
                    // Flushes; true when the reader of a pipe has gone.
                    if (out.checkError()) {
                        return 0;
                    }
                    print(endpoint, client, name, out);
                }
                String last = page.streamNames().isEmpty()
                        ? ""
                        : page.streamNames().get(page.streamNames().size() - 1);
                // Names rise, so that a page which does not lead on is the last one, whatever it says.
                more = Boolean.TRUE.equals(page.hasMoreStreams()) && last.compareTo(after) > 0;
                after = last;
            }
            out.flush();
            return 0;
        }
    }

    private static ListStreamsResponse page(EndpointOptions endpoint, KinesisAsyncClient client, String after) {
        return endpoint.answer(client.listStreams(request -> {
            if (!after.isEmpty()) {
                request.exclusiveStartStreamName(after);
            }
        }));
    }

    private static void print(EndpointOptions endpoint, KinesisAsyncClient client, String name, PrintWriter out) {
        StreamDescriptionSummary summary = endpoint.present(
                endpoint.answer(client.describeStreamSummary(request -> request.streamName(name)))
                        .streamDescriptionSummary(),
                "StreamDescriptionSummary");
        out.printf(
                Locale.ROOT,
                "%-40s %-10s %6d %8d h%n",
                name,
                summary.streamStatusAsString(),
                summary.openShardCount(),
                summary.retentionPeriodHours());
    }
}
