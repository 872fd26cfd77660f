package io.penstock.agent.cli;

import java.util.List;

/**
 * Sub-commands of another module. {@link PenstockCommand} looks for implementations with a
 * {@link java.util.ServiceLoader}, and only when it is told something else than to run, so that the daemon loads
 * no class of them.
 */
public interface MoreCommands {
    /** The classes of the sub-commands in the order in which the help lists them, each with a {@code @Command}. */
    List<Class<?>> commands();
}
