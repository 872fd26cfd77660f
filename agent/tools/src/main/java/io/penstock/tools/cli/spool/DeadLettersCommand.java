package io.penstock.tools.cli.spool;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code penstock dead-letters}: what was refused for good. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Shows what a target refused for good, sends it again, or deletes it.",
        subcommands = {
            DeadLettersListCommand.class,
            DeadLettersShowCommand.class,
            DeadLettersReplayCommand.class,
            DeadLettersDropCommand.class,
            CommandLine.HelpCommand.class
        })
public final class DeadLettersCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "what of the dead letters? For example: penstock dead-letters list");
    }
}
