package io.penstock.agent.config;

import io.penstock.agent.config.ConfigurationResult.Invalid;
import io.penstock.agent.config.ConfigurationResult.Loaded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * Reads configurations. Whatever the file holds, it answers with a configuration or with every mistake in it, and never
 * throws. It looks at nothing but the file and the environment: whether a port is free or a folder writable shows at
 * start. Immutable; any thread.
 */
public final class ConfigurationLoader {
    private final Environment environment;
    private final NotInThisVersion missing;

    public ConfigurationLoader(Environment environment) {
        this(environment, NotInThisVersion.TABLE);
    }

    ConfigurationLoader(Environment environment, NotInThisVersion missing) {
        this.environment = environment;
        this.missing = missing;
    }

    /** With this process's environment variables and home. */
    public static ConfigurationLoader ofProcess() {
        return new ConfigurationLoader(Environment.ofProcess());
    }

    /** The same with a data folder that the command line names. */
    public ConfigurationLoader withData(Path folder) {
        return new ConfigurationLoader(environment.withData(folder), missing);
    }

    /** What holds without a file. */
    public ConfigurationResult defaults() {
        return parse(new byte[0]);
    }

    /** Reads {@code file}, of at most 1 MiB. */
    public ConfigurationResult load(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(in.readNBytes(YamlDocument.MAX_BYTES + 1), environment.of(file));
        } catch (NoSuchFileException e) {
            return unreadable("there is no such file", "name an existing one with --config");
        } catch (AccessDeniedException e) {
            return unreadable("the file may not be read", "give this user the right to read it");
        } catch (IOException e) {
            return unreadable(
                    Files.isDirectory(file) ? "this is a folder" : "the file cannot be read: " + e.getMessage(),
                    "name a YAML file with --config");
        }
    }

    private static Invalid unreadable(String reason, String remedy) {
        return new Invalid(List.of(new Mistake(0, 0, "", reason, remedy)));
    }

    /** Reads a file's text; its relative paths go by the working directory. */
    public ConfigurationResult parse(String yaml) {
        return parse(yaml.getBytes(StandardCharsets.UTF_8));
    }

    ConfigurationResult parse(byte[] yaml) {
        return parse(yaml, environment);
    }

    private ConfigurationResult parse(byte[] yaml, Environment from) {
        return read(yaml, new Reading(from, missing));
    }

    private static ConfigurationResult read(byte[] yaml, Reading reading) {
        Optional<MappingNode> root = YamlDocument.parse(yaml, reading);
        if (root.isEmpty()) {
            return new Invalid(reading.mistakes.inOrder());
        }
        Section section = new Section(reading, root.get(), Place.NOWHERE, "", "");
        Optional<Configuration> configuration = Declared.read(Configuration.class, section);
        section.end();
        return configuration
                .filter(valid -> !reading.mistakes.any())
                .<ConfigurationResult>map(Loaded::new)
                .orElseGet(() -> new Invalid(reading.mistakes.inOrder()));
    }
}
