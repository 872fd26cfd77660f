package io.penstock.tools.cli.spool;

import io.penstock.agent.cli.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock dead-letters drop}. */
@Command(
        name = "drop",
        mixinStandardHelpOptions = true,
        description = {
            "Deletes dead letters for good. Works while an agent runs, through its admin port.",
            "penstock dead-letters show prints them before."
        })
final class DeadLettersDropCommand implements Callable<Integer> {
    @Mixin
    private final LettersAction action = new LettersAction();

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (!yes) {
            throw CommandFailure.wrongUsage("this deletes events for good: add --yes");
        }
        action.run(
                "/api/dead-letters/drop",
                (letters, spools, stream) -> letters.drop(stream),
                "deleted",
                spec.commandLine().getOut());
        return 0;
    }
}
