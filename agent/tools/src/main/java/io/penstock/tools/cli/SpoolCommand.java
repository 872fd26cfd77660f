package io.penstock.tools.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code penstock spool}: what lies on disk between acknowledgement and delivery. */
@Command(
        name = "spool",
        mixinStandardHelpOptions = true,
        description = "Shows and exports what waits on disk to be delivered, and replays dead letters.",
        subcommands = {
            SpoolListCommand.class,
            SpoolInspectCommand.class,
            SpoolExportCommand.class,
            SpoolReplayCommand.class,
            CommandLine.HelpCommand.class
        })
final class SpoolCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what of the spool? For example: penstock spool list");
    }
}
