package io.penstock.agent.cli;

import io.penstock.agent.NamedFiles;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.EffectiveConfiguration;
import io.penstock.delivery.spool.disk.DiskSpace;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock check}: validates a configuration without starting anything. */
@Command(
        name = "check",
        aliases = "validate",
        mixinStandardHelpOptions = true,
        description = "Validates a configuration: every mistake at once, with its line, the reason and the remedy.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(names = "--print", description = "Print the effective configuration, defaults included, secrets masked.")
    private boolean print;

    @Option(
            names = "--offline",
            description = "Look at the configuration only, not at the files that it names: for another machine's.")
    private boolean offline;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Configuration configuration = options.load(Optional.empty());
        PrintWriter err = spec.commandLine().getErr();
        configuration.warnings().forEach(warning -> err.println("penstock: warning: " + warning));
        err.flush();
        if (!offline) {
            checkFiles(configuration);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (print) {
            out.print(EffectiveConfiguration.render(configuration));
        } else {
            out.println(options.file().map(file -> file + " is valid").orElse("the defaults are valid"));
        }
        out.flush();
        sayWhenTheDiskIsShort(configuration);
        return 0;
    }

    /** No mistake in the configuration, so it does not change the exit status; but an agent would take nothing. */
    private void sayWhenTheDiskIsShort(Configuration configuration) {
        try {
            DiskSpace.of(configuration.data(), configuration.spool().reserve())
                    .shortage(configuration.data())
                    .ifPresent(why -> spec.commandLine().getErr().println("warning: " + why.text()));
            spec.commandLine().getErr().flush();
        } catch (IOException unknown) {
            // The folder may be on a disk that is not there yet; a start says what is wrong with it.
        }
    }

    private void checkFiles(Configuration configuration) {
        NamedFiles files = NamedFiles.of(configuration, Instant.now());
        PrintWriter err = spec.commandLine().getErr();
        files.warnings().forEach(warning -> err.println("penstock: warning: " + warning));
        err.flush();
        if (!files.mistakes().isEmpty()) {
            throw CommandFailure.wrongUsage(
                    "the configuration names what cannot be used\n  " + String.join("\n  ", files.mistakes()));
        }
    }
}
