package io.penstock.agent.cli;

import io.penstock.agent.Agent;
import io.penstock.agent.StartFailure;
import io.penstock.agent.config.Configuration;
import io.penstock.agent.logging.LogOutput;
import io.penstock.agent.reload.ReloadRefusedException;
import io.penstock.agent.service.ServiceNotifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock run}: the agent, until a signal or a failure ends it. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the agent: takes events in, keeps them on disk, delivers them.",
            "With kinesis.endpoint: embedded (the default) the stream engine runs inside.",
            "SIGHUP, or penstock reload, applies the changed configuration, and names what needs a restart.",
            "SIGTERM or Ctrl-C drains within shutdown-timeout; what is left waits on disk for the next run."
        })
final class RunCommand implements Callable<Integer>, Entry.Starting {
    /** For {@link Entry}; the same as the annotations say. */
    static final PlainLine.Options OPTIONS = new PlainLine.Options(Set.of(), Set.of("--config", "--data"), Set.of());

    @Mixin
    private final ConfigurationOptions options = new ConfigurationOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Data folder: spool, engine, dead letters. Default: what the configuration says, else ~/.penstock.")
    private @Nullable Path data;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** For picocli, which sets the fields. */
    RunCommand() {}

    RunCommand(PlainLine line) {
        options.otherwise(line.one("--config").map(Path::of));
        data = line.one("--data").map(Path::of).orElse(null);
    }

    @Override
    public Integer call() throws InterruptedException {
        return run(spec.commandLine().getOut());
    }

    @Override
    public int run(PrintWriter out) throws InterruptedException {
        MinimumHeap.require("penstock run");
        Configuration configuration = options.load(Optional.ofNullable(data));
        LogOutput log = LogOutput.ofProcess();
        log.apply(configuration.log());
        StopSignal stop = StopSignal.install();
        ServiceNotifier manager = ServiceNotifier.of(System.getenv());
        Agent agent;
        try {
            agent = Agent.start(configuration, Version.current());
        } catch (StartFailure e) {
            throw CommandFailure.of(e);
        }
        try (agent) {
            agent.onFailure(stop::request);
            out.print(new Banner(agent.startReport(), launcher()).render());
            out.flush();
            manager.ready();
            agent.logsTo(log::apply);
            agent.reloadsFrom(this::wanted);
            stop.onReload(agent::reload);
            stop.await();
            Optional<String> failure = agent.failure();
            failure.ifPresentOrElse(
                    reason -> out.println("stopping after a failure: " + reason),
                    () -> out.println("stopping: draining for up to " + seconds(agent.shutdownTimeout())
                            + " (again: stop at once)"));
            out.flush();
            manager.stopping(agent.shutdownTimeout().plusSeconds(10));
            out.println(describe(agent.stop()));
            out.flush();
            return failure.isPresent() ? PenstockCommand.FAILURE : 0;
        }
    }

    private Configuration wanted() throws ReloadRefusedException {
        try {
            return options.load(Optional.ofNullable(data));
        } catch (CommandFailure mistakes) {
            throw new ReloadRefusedException(String.valueOf(mistakes.getMessage()), mistakes);
        }
    }

    private static String describe(long waiting) {
        if (waiting == 0) {
            return "stopped: everything is delivered";
        }
        return "stopped: " + waiting + (waiting == 1 ? " event waits" : " events wait")
                + " on disk and will be delivered by the next run";
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1_000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** The launcher says under which name it was called. */
    private static String launcher() {
        return Objects.requireNonNullElse(System.getenv("PENSTOCK_LAUNCHER"), "penstock");
    }
}
