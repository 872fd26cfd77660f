package io.penstock.agent.cli;

import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code penstock}: the root of all sub-commands. Its own are those of the daemon; the others are loaded only when none
 * of its own is called.
 */
@Command(
        name = "penstock",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Takes events in over MQTT, Fluentd's forward protocol, HTTP and Log4j, makes each durable on local disk before"
                    + " it acknowledges it, and delivers them to Kinesis streams: the engine that ships with it, or a remote endpoint.",
            ""
        },
        footer = {"", "Start here: penstock run", "Exit status: 0 success, 1 failure, 2 wrong usage or configuration."},
        subcommands = {RunCommand.class, EngineCommand.class, CheckCommand.class})
public final class PenstockCommand implements Runnable {
    /** Exit status of a failure. */
    public static final int FAILURE = 1;

    /** Exit status of wrong usage or configuration. */
    public static final int USAGE = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private PenstockCommand() {}

    /**
     * Runs the sub-command that {@code args} name; returns the exit status. Errors are one line on standard error,
     * never a stack trace.
     */
    public static int execute(String... args) {
        return commandLine(args)
                .setOut(CheckedOutput.printer(System.out))
                .setExecutionExceptionHandler((failure, command, parsed) -> Failures.tell(failure, command.getErr()))
                .execute(args);
    }

    /** The command and all below it, not yet told what to do. */
    public static CommandLine commandLine() {
        CommandLine root = own();
        for (MoreCommands more : ServiceLoader.load(MoreCommands.class)) {
            more.commands().forEach(root::addSubcommand);
        }
        return ready(root.addSubcommand(CommandLine.HelpCommand.class));
    }

    private static CommandLine commandLine(String... args) {
        CommandLine root = own();
        boolean isOwn = args.length > 0 && root.getSubcommands().containsKey(args[0]);
        return isOwn ? ready(root) : commandLine();
    }

    private static CommandLine own() {
        return new CommandLine(new PenstockCommand());
    }

    private static CommandLine ready(CommandLine root) {
        return root.setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which command? For example: penstock run (penstock --help lists all)");
    }
}
