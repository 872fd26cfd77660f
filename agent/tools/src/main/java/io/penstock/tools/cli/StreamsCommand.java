package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.cli.StreamOption;
import io.penstock.tools.tail.ShardPages;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.HashKeyRange;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** {@code penstock streams}: the streams of an endpoint; sub-commands look into one and change it. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        description = "Lists the streams of the stream engine or of any Kinesis endpoint; sub-commands change them.",
        subcommands = {
            StreamListCommand.class,
            StreamDescribeCommand.class,
            StreamsCommand.Create.class,
            StreamsCommand.Delete.class,
            StreamsCommand.Split.class,
            StreamsCommand.Merge.class,
            StreamsCommand.Reshard.class,
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
        return StreamListCommand.list(endpoint, spec.commandLine().getOut());
    }

    /** One call that changes a stream. */
    private abstract static class Change implements Callable<Integer> {
        @Mixin
        final EndpointOptions endpoint = new EndpointOptions();

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() {
            try (KinesisAsyncClient client = endpoint.connect()) {
                String done = change(client);
                spec.commandLine().getOut().println(done);
                spec.commandLine().getOut().flush();
                return 0;
            }
        }

        /** Makes the call. Returns what to print. */
        abstract String change(KinesisAsyncClient client);
    }

    /** {@code penstock streams create}. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Creates a stream in provisioned mode.")
    static final class Create extends Change {
        @Parameters(paramLabel = "NAME:SHARDS", description = "Its name and number of shards; without :SHARDS one.")
        private String wanted = "";

        @Override
        String change(KinesisAsyncClient client) {
            StreamOption stream = StreamOption.parse(wanted, 1);
            if (stream.region().isPresent()) {
                throw CommandFailure.wrongUsage(wanted + ": the region is that of the endpoint; write NAME:SHARDS");
            }
            endpoint.answer(client.createStream(
                    request -> request.streamName(stream.name()).shardCount(stream.shards())));
            return "creating " + stream.name() + " with " + stream.shards() + " shards";
        }
    }

    /** {@code penstock streams delete}. */
    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Deletes a stream and all of its records.")
    static final class Delete extends Change {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
        private String stream = "";

        @Override
        String change(KinesisAsyncClient client) {
            endpoint.answer(client.deleteStream(request -> request.streamName(stream)));
            return "deleting " + stream;
        }
    }

    /** {@code penstock streams merge}. */
    @Command(
            name = "merge",
            mixinStandardHelpOptions = true,
            description = "Merges two shards whose hash key ranges are adjacent.")
    static final class Merge extends Change {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
        private String stream = "";

        @Parameters(
                index = "1",
                paramLabel = "SHARD",
                description = "The shard with the lower range, such as shardId-000000000000.")
        private String shard = "";

        @Parameters(index = "2", paramLabel = "ADJACENT", description = "The one whose range follows.")
        private String adjacent = "";

        @Override
        String change(KinesisAsyncClient client) {
            endpoint.answer(client.mergeShards(
                    request -> request.streamName(stream).shardToMerge(shard).adjacentShardToMerge(adjacent)));
            return "merging " + shard + " and " + adjacent;
        }
    }

    /** {@code penstock streams reshard}. */
    @Command(
            name = "reshard",
            mixinStandardHelpOptions = true,
            description = "Changes the number of open shards, spread evenly.")
    static final class Reshard extends Change {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
        private String stream = "";

        @Parameters(index = "1", paramLabel = "SHARDS", description = "How many there shall be.")
        private int shards;

        @Override
        String change(KinesisAsyncClient client) {
            endpoint.answer(client.updateShardCount(request ->
                    request.streamName(stream).targetShardCount(shards).scalingType(ScalingType.UNIFORM_SCALING)));
            return "resharding " + stream + " to " + shards + " shards";
        }
    }

    /** {@code penstock streams split}. */
    @Command(name = "split", mixinStandardHelpOptions = true, description = "Splits a shard in two.")
    static final class Split extends Change {
        @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
        private String stream = "";

        @Parameters(index = "1", paramLabel = "SHARD", description = "The shard, such as shardId-000000000000.")
        private String shard = "";

        @Option(
                names = "--at",
                paramLabel = "NUMBER",
                description = "The first hash key of the upper half. Default: the middle.")
        private @Nullable String at;

        @Override
        String change(KinesisAsyncClient client) {
            String middle = at != null ? at : middle(client);
            endpoint.answer(client.splitShard(
                    request -> request.streamName(stream).shardToSplit(shard).newStartingHashKey(middle)));
            return "splitting " + shard + " at " + middle;
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
}
