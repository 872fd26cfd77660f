package io.penstock.tools.cli.spool;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.OfflineSpools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
public final class SpoolCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what of the spool? For example: penstock spool list");
    }

    /** The spools of these names, or all of them when there are no names. */
    static List<StreamId> choose(OfflineSpools spools, List<String> names) throws IOException {
        return choose("spool", spools.streams(), names);
    }

    /** The streams of {@code all} with these names, as {@link StreamId#toString} prints them; all if there are none. */
    static List<StreamId> choose(String what, List<StreamId> all, List<String> names) {
        if (names.isEmpty()) {
            return all;
        }
        List<StreamId> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all.stream()
                    .filter(stream -> stream.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() -> CommandFailure.wrongUsage(
                            "no " + what + " of stream " + name + "; there are: " + (all.isEmpty() ? "none" : all))));
        }
        return chosen;
    }
}
