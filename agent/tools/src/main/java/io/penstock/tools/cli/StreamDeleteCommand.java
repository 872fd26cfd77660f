package io.penstock.tools.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/** {@code penstock streams delete}. */
@Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes a stream and all of its records.")
final class StreamDeleteCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (KinesisAsyncClient client = endpoint.connect()) {
            endpoint.answer(client.deleteStream(request -> request.streamName(stream)));
            spec.commandLine().getOut().println("deleting " + stream);
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
