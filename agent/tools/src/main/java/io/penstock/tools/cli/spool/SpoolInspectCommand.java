package io.penstock.tools.cli.spool;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.OfflineSpool;
import io.penstock.tools.spool.OfflineSpools;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock spool inspect}: what waits in each spool, and what of it is damaged. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = {
            "Says how many events wait in each spool, where they lie, and what is damaged.",
            "Refuses while an agent runs on the folder: it recovers each spool as a start does."
        })
final class SpoolInspectCommand implements Callable<Integer> {
    @Mixin
    private final DataOptions options = new DataOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "STREAM",
            description = "Which ones (TARGET/STREAM for another target). Default: all.")
    private List<String> names = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (OfflineSpools spools = OfflineSpools.open(options.folder())) {
            for (StreamId stream : SpoolCommand.choose(spools, names)) {
                try (OfflineSpool spool = spools.open(stream)) {
                    out.println(stream + ": " + spool.waiting() + " events wait, offsets " + spool.start() + " up to "
                            + spool.end() + ", " + spool.bytes() + " bytes on disk");
                    spool.damage().forEach(place -> out.println("  damaged: " + place));
                    if (!spool.damage().isEmpty()) {
                        out.println("  The next run passes over the damaged events and delivers the others."
                                + " The disk gave back something else than was written: check it.");
                    }
                }
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
    }
}
