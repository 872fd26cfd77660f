package io.penstock.tools.cli;

import io.penstock.agent.cli.StreamOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** {@code penstock streams create}. */
@Command(name = "create", mixinStandardHelpOptions = true, description = "Creates a stream in provisioned mode.")
final class StreamCreateCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(paramLabel = "NAME:SHARDS", description = "Its name and number of shards; without :SHARDS one.")
    private String wanted = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (KinesisAsyncClient client = endpoint.connect()) {
            StreamOption stream = StreamOption.parse(wanted, 1);
            endpoint.answer(client.createStream(
                    request -> request.streamName(stream.name()).shardCount(stream.shards())));
            spec.commandLine().getOut().println("creating " + stream.name() + " with " + stream.shards() + " shards");
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
