package io.penstock.tools.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code penstock streams}: the streams of an endpoint; sub-commands look into one and change it. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        description = "Lists the streams of the stream engine or of any Kinesis endpoint; sub-commands change them.",
        subcommands = {
            StreamListCommand.class,
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
        return StreamListCommand.list(endpoint, spec.commandLine().getOut());
    }
}
