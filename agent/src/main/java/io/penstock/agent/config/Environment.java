package io.penstock.agent.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration may refer to outside of itself.
 *
 * @param variables for <code>${NAME}</code> and {@code AWS_REGION}
 * @param home what {@code ~} stands for
 */
public record Environment(Map<String, String> variables, Path home) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    /** This process's own. */
    public static Environment ofProcess() {
        return new Environment(System.getenv(), Path.of(System.getProperty("user.home", "/")));
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }
}
