package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.tools.tail.ShardPages;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** {@code penstock streams split}. */
@Command(name = "split", mixinStandardHelpOptions = true, description = "Splits a shard in two.")
final class StreamSplitCommand implements Callable<Integer> {
    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Parameters(index = "1", paramLabel = "SHARD", description = "The shard, such as shardId-000000000000.")
    private String shard = "";

    @Option(
            names = "--at",
            paramLabel = "NUMBER",
            description = "The first hash key of the upper half. Default: the middle.")
    private @Nullable String at;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (KinesisAsyncClient client = endpoint.connect()) {
            String middle = at != null ? at : middle(client);
            endpoint.answer(client.splitShard(
                    request -> request.streamName(stream).shardToSplit(shard).newStartingHashKey(middle)));
            spec.commandLine().getOut().println("splitting " + shard + " at " + middle);
            spec.commandLine().getOut().flush();
            return 0;
        }
    }

    private String middle(KinesisAsyncClient client) {
        for (Shard each : endpoint.answer(ShardPages.of(client, stream))) {
            if (each.shardId().equals(shard)) {
                HashKeyRange range = endpoint.present(each.hashKeyRange(), "HashKeyRange for " + shard);
                return new BigInteger(range.startingHashKey())
                        .add(new BigInteger(range.endingHashKey()))
                        .add(BigInteger.ONE)
                        .shiftRight(1)
                        .toString();
            }
        }
        throw CommandFailure.wrongUsage(
                "stream " + stream + " has no shard " + shard + "; they are listed by penstock streams describe");
    }
}
