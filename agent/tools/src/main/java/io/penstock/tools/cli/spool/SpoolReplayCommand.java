package io.penstock.tools.cli.spool;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.ingest.DeadEntryFile;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.DeadLetterReplay;
import io.penstock.tools.spool.OfflineSpool;
import io.penstock.tools.spool.OfflineSpools;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock spool replay}: dead letters back into the spool. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Puts dead letters back into the spool that they came from: the next run sends them again, after what waits"
                    + " there already.",
            "Mend first what they were refused for, or they come back. Refuses while an agent runs on the folder."
        })
final class SpoolReplayCommand implements Callable<Integer> {
    @Mixin
    private final DataOptions options = new DataOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "STREAM",
            description = "Which ones (TARGET/STREAM for another target). Default: all that have dead letters.")
    private List<String> names = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = options.folder();
        DeadLetterReplay replay = new DeadLetterReplay(folder);
        try (OfflineSpools spools = OfflineSpools.open(folder)) {
            List<StreamId> streams = SpoolCommand.choose("dead letters", replay.streams(), names);
            if (streams.isEmpty()) {
                out.println("there are no dead letters in " + DeadLetters.folder(folder));
            }
            for (StreamId stream : streams) {
                try (OfflineSpool spool = spools.open(stream)) {
                    long letters = replay.replay(stream, spool);
                    out.println(stream + ": " + letters + (letters == 1 ? " dead letter is" : " dead letters are")
                            + " in the spool again");
                }
            }
            Path entries = DeadLetters.folder(folder).resolve(DeadEntryFile.NAME);
            if (Files.exists(entries)) {
                out.println(entries + " stays: it holds what no record could be made of, as it came");
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw CommandFailure.failed("replay: " + e.getMessage());
        }
    }
}
