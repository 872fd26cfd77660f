package io.penstock.tools.cli.spool;

import io.penstock.agent.cli.ConfigurationOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a data folder. */
final class DataOptions {
    @Mixin
    private final ConfigurationOptions configuration = new ConfigurationOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder. Default: what the configuration says, else ~/.penstock.")
    private @Nullable Path data;

    Path folder() {
        return data != null ? data : configuration.load(Optional.empty()).data();
    }
}
