package io.penstock.agent.cli;

import io.penstock.agent.route.StreamName;

/** {@code NAME:SHARDS} on the command line. */
public record StreamOption(String name, int shards) {
    private static final int MAX_SHARDS = 10_000;

    public static StreamOption parse(String text, int defaultShards) {
        int colon = text.lastIndexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (!StreamName.valid(name)) {
            throw wrong(text, "a stream's name is 1 to 128 letters, digits, '_', '.' or '-'");
        }
        if (colon < 0) {
            return new StreamOption(name, defaultShards);
        }
        try {
            int shards = Integer.parseInt(text.substring(colon + 1));
            if (shards >= 1 && shards <= MAX_SHARDS) {
                return new StreamOption(name, shards);
            }
        } catch (NumberFormatException e) {
            // Said below, together with numbers that are out of range.
        }
        throw wrong(text, "the number of shards is 1 to " + MAX_SHARDS);
    }

    private static CommandFailure wrong(String text, String rule) {
        return CommandFailure.wrongUsage("--stream " + text + ": " + rule + "; write NAME:SHARDS, such as orders:4");
    }
}
