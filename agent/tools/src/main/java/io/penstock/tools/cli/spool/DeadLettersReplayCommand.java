package io.penstock.tools.cli.spool;

import io.penstock.tools.spool.OfflineSpool;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code penstock dead-letters replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Puts dead letters back into the spool that they came from: they are sent again, after what waits there.",
            "Mend first what they were refused for, or they come back.",
            "Works while an agent runs, through its admin port."
        })
final class DeadLettersReplayCommand implements Callable<Integer> {
    @Mixin
    private final LettersAction action = new LettersAction();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        action.run(
                "/api/dead-letters/replay",
                (letters, spools, stream) -> {
                    try (OfflineSpool spool = spools.open(stream)) {
                        return letters.replay(stream, spool);
                    }
                },
                "in the spool again",
                spec.commandLine().getOut());
        return 0;
    }
}
