package io.penstock.agent.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a configuration may refer to outside of itself.
 *
 * @param variables for <code>${NAME}</code> and {@code AWS_REGION}
 * @param home what {@code ~} stands for; empty for a user without one
 * @param folder what relative paths go by
 * @param data the data folder that the command line names; it stands above the file's
 */
public record Environment(Map<String, String> variables, Optional<Path> home, Path folder, Optional<Path> data) {
    /** The JDK's word for an entry that the user does not have. */
    private static final String UNKNOWN = "?";

    public Environment {
        variables = Map.copyOf(variables);
        folder = folder.toAbsolutePath();
    }

    /** This process's own, with its working directory. */
    public static Environment ofProcess() {
        return of(System.getenv(), System.getProperty("user.home", ""));
    }

    /** {@code $HOME} comes first: a container's user often has no entry among the users of the system. */
    static Environment of(Map<String, String> variables, String userHome) {
        Optional<Path> home = Stream.of(variables.getOrDefault("HOME", ""), userHome)
                .filter(text -> text.startsWith("/") && !text.endsWith(UNKNOWN))
                .findFirst()
                .map(Path::of);
        return new Environment(variables, home, Path.of(""), Optional.empty());
    }

    /** The same with a data folder that the command line names. */
    Environment withData(Path named) {
        return new Environment(
                variables, home, folder, Optional.of(named.toAbsolutePath().normalize()));
    }

    /** The same for {@code file}, whose paths go by the folder that it is in. */
    Environment of(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? this : new Environment(variables, home, parent, data);
    }

    /**
     * A path as it is meant, absolute.
     *
     * @throws InvalidPathException when it is none, or begins with {@code ~} and there is no home
     */
    Path path(String text) {
        if (!text.equals("~") && !text.startsWith("~/")) {
            return folder.resolve(text).normalize();
        }
        Path own = home.orElseThrow(
                () -> new InvalidPathException(text, "this user has no home folder, and HOME is not set"));
        return own.resolve(text.substring(Math.min(2, text.length()))).normalize();
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }
}
