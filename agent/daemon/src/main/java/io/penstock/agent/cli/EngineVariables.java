package io.penstock.agent.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What environment variables say to {@code penstock engine}, for containers. The command line counts more. Lists have
 * commas. An empty variable is none.
 *
 * @param all by name
 */
record EngineVariables(Map<String, String> all) {
    private static final String PREFIX = "PENSTOCK_ENGINE_";

    Optional<String> listen() {
        return value(PREFIX + "LISTEN");
    }

    List<String> hosts() {
        return list(PREFIX + "HOSTS");
    }

    /** @throws CommandFailure if the value is neither true nor false */
    boolean allowAnonymous() {
        return flag(PREFIX + "ALLOW_ANONYMOUS");
    }

    /** @throws CommandFailure if the value is neither true nor false */
    boolean allowChanges() {
        return flag(PREFIX + "ALLOW_CHANGES");
    }

    private boolean flag(String name) {
        return value(name)
                .map(text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default ->
                        throw CommandFailure.wrongUsage(name + ": '" + text + "' is neither true nor false; write one");
                })
                .orElse(false);
    }

    /** As {@link StreamOption} reads them; the second variable is that of other local Kinesis servers. */
    List<String> streams() {
        return Stream.concat(list(PREFIX + "STREAMS").stream(), list("INITIALIZE_STREAMS").stream())
                .toList();
    }

    Optional<Path> data() {
        return value(PREFIX + "DATA").map(Path::of);
    }

    Optional<Path> config() {
        return value(PREFIX + "CONFIG").map(Path::of);
    }

    /** @throws CommandFailure if the value is no account */
    Optional<String> account() {
        Optional<String> account = value("AWS_ACCOUNT_ID");
        account.filter(text -> !text.matches("\\d{12}")).ifPresent(text -> {
            throw CommandFailure.wrongUsage("AWS_ACCOUNT_ID: '" + text + "' is no account; write twelve digits");
        });
        return account;
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(all.get(name)).map(String::trim).filter(text -> !text.isEmpty());
    }

    private List<String> list(String name) {
        return value(name).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
