package io.penstock.tools.cli;

import io.penstock.tools.tail.ShardPages;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/** {@code penstock streams describe}. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = "Shows a stream and its shards: hash key ranges, parents, open or closed.")
final class StreamDescribeCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (KinesisAsyncClient client = endpoint.connect()) {
            StreamDescriptionSummary summary = endpoint.present(
                    endpoint.answer(client.describeStreamSummary(request -> request.streamName(stream)))
                            .streamDescriptionSummary(),
                    "StreamDescriptionSummary");
            out.println(summary.streamName() + "  " + summary.streamStatusAsString() + "  " + summary.streamARN());
            out.println("  " + summary.openShardCount() + " open shards, retention " + summary.retentionPeriodHours()
                    + " h, created " + summary.streamCreationTimestamp());
            endpoint.answer(ShardPages.of(client, stream)).forEach(shard -> print(shard, out));
            out.flush();
            return 0;
        }
    }

    private static void print(Shard shard, PrintWriter out) {
        boolean open = shard.sequenceNumberRange() == null
                || shard.sequenceNumberRange().endingSequenceNumber() == null;
        String parents = Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" and "));
        out.printf(
                Locale.ROOT,
                "  %s  %-6s  %39s .. %39s%s%n",
                shard.shardId(),
                open ? "open" : "closed",
                shard.hashKeyRange() == null ? "?" : shard.hashKeyRange().startingHashKey(),
                shard.hashKeyRange() == null ? "?" : shard.hashKeyRange().endingHashKey(),
                parents.isEmpty() ? "" : "  of " + parents);
    }
}
