package io.penstock.agent.cli;

import io.penstock.agent.config.Configuration;
import io.penstock.agent.config.ConfigurationLoader;
import io.penstock.agent.config.ConfigurationResult;
import io.penstock.agent.config.ConfigurationResult.Invalid;
import io.penstock.agent.config.ConfigurationResult.Loaded;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name a configuration, and the configuration that they name. */
public final class ConfigurationOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration in YAML. Without it the defaults hold: everything on 127.0.0.1, the stream engine embedded.")
    private @Nullable Path file;

    /**
     * The configuration as it takes effect.
     *
     * @param data the data folder that the command line names
     * @throws CommandFailure with every mistake, a line each
     */
    public Configuration load(Optional<Path> data) {
        ConfigurationLoader own = ConfigurationLoader.ofProcess();
        ConfigurationLoader loader = data.map(own::withData).orElse(own);
        ConfigurationResult result = file == null ? loader.defaults() : loader.load(file);
        if (result instanceof Loaded loaded) {
            return loaded.configuration();
        }
        throw CommandFailure.wrongUsage(describe((Invalid) result));
    }

    /** Takes this file unless the command line names one. */
    public void otherwise(Optional<Path> other) {
        file = file == null ? other.orElse(null) : file;
    }

    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    private String describe(Invalid invalid) {
        int count = invalid.mistakes().size();
        String name = file == null ? "(environment)" : file.toString();
        return (count == 1 ? "the configuration has a mistake" : "the configuration has " + count + " mistakes")
                + invalid.mistakes().stream()
                        .map(mistake -> "\n  " + mistake.describe(name))
                        .collect(Collectors.joining());
    }
}
