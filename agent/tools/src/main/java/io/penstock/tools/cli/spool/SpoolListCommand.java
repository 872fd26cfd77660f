package io.penstock.tools.cli.spool;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.delivery.spool.StreamId;
import io.penstock.tools.spool.OfflineSpools;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code penstock spool list}: the spools of a data folder, also while an agent runs on it. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the streams that have a spool, and the disk that each takes.",
            "Works while an agent runs; penstock status then says how many events wait."
        })
final class SpoolListCommand implements Callable<Integer> {
    @Mixin
    private final DataOptions options = new DataOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path folder = options.folder();
        PrintWriter out = spec.commandLine().getOut();
        try {
            if (!Files.isDirectory(folder)) {
                throw CommandFailure.failed(
                        "data folder " + folder + " does not exist: name another one with --data DIR");
            }
            List<StreamId> streams = OfflineSpools.peek(folder);
            out.printf(Locale.ROOT, "%-40s %12s%n", "STREAM", "DISK KiB");
            for (StreamId stream : streams) {
                out.printf(Locale.ROOT, "%-40s %12d%n", stream, OfflineSpools.diskBytes(folder, stream) / 1024);
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            throw CommandFailure.failed("the spools of " + folder + " cannot be listed: " + e.getMessage());
        }
    }
}
