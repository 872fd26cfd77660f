package io.penstock.agent.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/** {@code penstock streams}: the streams of an endpoint; sub-commands look into one and change it. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        description = "Lists the streams of the stream engine or of any Kinesis endpoint; sub-commands change them.",
        subcommands = {
            StreamDescribeCommand.class,
            StreamCreateCommand.class,
            StreamDeleteCommand.class,
            StreamSplitCommand.class,
            StreamMergeCommand.class,
            StreamReshardCommand.class,
            CommandLine.HelpCommand.class
        })
final class StreamsCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (KinesisAsyncClient client = endpoint.connect()) {
            String after = "";
            boolean more = true;
            while (more) {
                ListStreamsResponse page = page(client, after);
                if (after.isEmpty()) {
                    out.printf(Locale.ROOT, "%-40s %-10s %6s %10s%n", "STREAM", "STATUS", "SHARDS", "RETENTION");
                }
                page.streamNames().forEach(name -> print(client, name, out));
                more = page.hasMoreStreams() && !page.streamNames().isEmpty();
                after = more ? page.streamNames().get(page.streamNames().size() - 1) : after;
            }
            out.flush();
            return 0;
        }
    }

    private ListStreamsResponse page(KinesisAsyncClient client, String after) {
        return endpoint.answer(client.listStreams(request -> {
            if (!after.isEmpty()) {
                request.exclusiveStartStreamName(after);
            }
        }));
    }

    private void print(KinesisAsyncClient client, String name, PrintWriter out) {
        StreamDescriptionSummary summary = endpoint.answer(
                        client.describeStreamSummary(request -> request.streamName(name)))
                .streamDescriptionSummary();
        out.printf(
                Locale.ROOT,
                "%-40s %-10s %6d %8d h%n",
                name,
                summary.streamStatusAsString(),
                summary.openShardCount(),
                summary.retentionPeriodHours());
    }
}
