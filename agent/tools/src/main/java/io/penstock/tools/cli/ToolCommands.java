package io.penstock.tools.cli;

import io.penstock.agent.cli.MoreCommands;
import io.penstock.tools.cli.spool.DeadLettersCommand;
import io.penstock.tools.cli.spool.SpoolCommand;
import java.util.List;

/** The sub-commands of this module. */
public final class ToolCommands implements MoreCommands {
    @Override
    public List<Class<?>> commands() {
        return List.of(
                StatusCommand.class,
                ReloadCommand.class,
                ClientsCommand.class,
                StreamsCommand.class,
                PutCommand.class,
                TailCommand.class,
                SpoolCommand.class,
                DeadLettersCommand.class,
                BenchCommand.class,
                DemoCommand.class,
                CompletionCommand.class,
                ManPagesCommand.class,
                PasswdCommand.class);
    }
}
