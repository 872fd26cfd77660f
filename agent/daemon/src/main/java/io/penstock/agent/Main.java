package io.penstock.agent;

import io.penstock.agent.cli.Entry;
import io.penstock.agent.logging.LogOutput;

/** The program's entry: what is typed after {@code penstock} arrives here. */
public final class Main {
    private Main() {}

    /**
     * Runs one sub-command and ends the process with its exit status: 0 success, 1 failure, 2 wrong usage or
     * configuration.
     */
    public static void main(String[] args) {
        LogOutput.begin();
        System.exit(Entry.execute(args));
    }
}
