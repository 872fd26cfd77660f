package io.penstock.tools.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ScalingType;

/** {@code penstock streams reshard}. */
@Command(
        name = "reshard",
        mixinStandardHelpOptions = true,
        description = "Changes the number of open shards, spread evenly.")
final class StreamReshardCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Parameters(index = "1", paramLabel = "SHARDS", description = "How many there shall be.")
    private int shards;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (KinesisAsyncClient client = endpoint.connect()) {
            endpoint.answer(client.updateShardCount(request ->
                    request.streamName(stream).targetShardCount(shards).scalingType(ScalingType.UNIFORM_SCALING)));
            spec.commandLine().getOut().println("resharding " + stream + " to " + shards + " shards");
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
