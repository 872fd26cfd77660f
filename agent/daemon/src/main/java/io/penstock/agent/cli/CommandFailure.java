package io.penstock.agent.cli;

import io.penstock.agent.StartFailure;

/** A sub-command cannot do what was asked; the message says why and what to do about it. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    private CommandFailure(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    /** The environment stands in the way: exit status 1. */
    public static CommandFailure failed(String message) {
        return new CommandFailure(PenstockCommand.FAILURE, message);
    }

    /** What was typed or configured is wrong: exit status 2. */
    public static CommandFailure wrongUsage(String message) {
        return new CommandFailure(PenstockCommand.USAGE, message);
    }

    /** What keeps a process from starting: 2 where the configuration must be changed first, else 1. */
    static CommandFailure of(StartFailure failure) {
        return failure.isConfiguration() ? wrongUsage(failure.text()) : failed(failure.text());
    }

    int exitStatus() {
        return exitStatus;
    }
}
