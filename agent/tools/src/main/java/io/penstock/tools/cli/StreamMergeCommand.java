package io.penstock.tools.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** {@code penstock streams merge}. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = "Merges two shards whose hash key ranges are adjacent.")
final class StreamMergeCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Parameters(index = "1", paramLabel = "SHARD", description = "One shard, such as shardId-000000000000.")
    private String shard = "";

    @Parameters(index = "2", paramLabel = "ADJACENT", description = "The other one.")
    private String adjacent = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (KinesisAsyncClient client = endpoint.connect()) {
            endpoint.answer(client.mergeShards(
                    request -> request.streamName(stream).shardToMerge(shard).adjacentShardToMerge(adjacent)));
            spec.commandLine().getOut().println("merging " + shard + " and " + adjacent);
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
