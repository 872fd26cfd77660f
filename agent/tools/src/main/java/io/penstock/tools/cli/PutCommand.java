package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;

/** {@code penstock put}: one record into a stream, past the agent. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = {
            "Puts one record into a stream and prints the shard and sequence number that it got.",
            "Speaks to the Kinesis endpoint itself, not to the agent's spool."
        })
final class PutCommand implements Callable<Integer> {
    private static final int LARGEST = 10 << 20;

    @Mixin
    private final EndpointOptions endpoint = new EndpointOptions();

    @Parameters(index = "0", paramLabel = "STREAM", description = "The stream's name.")
    private String stream = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DATA",
            description = "The record. Default: standard input, up to 10 MiB.")
    private @Nullable String data;

    @Option(
            names = {"-k", "--partition-key"},
            paramLabel = "KEY",
            defaultValue = "penstock",
            description = "Default: ${DEFAULT-VALUE}.")
    private String partitionKey = "";

    @Option(
            names = "--explicit-hash-key",
            paramLabel = "NUMBER",
            description = "Chooses the shard instead of the partition key.")
    private @Nullable String explicitHashKey;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        byte[] record = data == null ? System.in.readNBytes(LARGEST + 1) : data.getBytes(StandardCharsets.UTF_8);
        if (record.length > LARGEST) {
            throw CommandFailure.wrongUsage("the record is larger than 10 MiB, the most that a stream can take");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (KinesisAsyncClient client = endpoint.connect()) {
            PutRecordResponse put = endpoint.answer(client.putRecord(request -> {
                request.streamName(stream).partitionKey(partitionKey).data(SdkBytes.fromByteArray(record));
                if (explicitHashKey != null) {
                    request.explicitHashKey(explicitHashKey);
                }
            }));
            String number =
                    endpoint.present(put.sequenceNumber(), "SequenceNumber, so that nothing says it was stored");
            out.println(endpoint.present(put.shardId(), "ShardId, so that nothing says it was stored") + " " + number);
            out.flush();
            return 0;
        }
    }
}
