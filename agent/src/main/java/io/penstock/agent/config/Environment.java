package io.penstock.agent.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration may refer to outside of itself.
 *
 * @param variables for <code>${NAME}</code> and {@code AWS_REGION}
 * @param home what {@code ~} stands for
 * @param folder what relative paths go by
 */
public record Environment(Map<String, String> variables, Path home, Path folder) {
    public Environment {
        variables = Map.copyOf(variables);
        folder = folder.toAbsolutePath();
    }

    /** This process's own, with its working directory. */
    public static Environment ofProcess() {
        return new Environment(System.getenv(), Path.of(System.getProperty("user.home", "/")), Path.of(""));
    }

    /** The same for {@code file}, whose paths go by the folder that it is in. */
    Environment of(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? this : new Environment(variables, home, parent);
    }

    /**
     * A path as it is meant, absolute.
     *
     * @throws InvalidPathException when it is none
     */
    Path path(String text) {
        Path path = text.equals("~") ? home : text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
        return folder.resolve(path).normalize();
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }
}
