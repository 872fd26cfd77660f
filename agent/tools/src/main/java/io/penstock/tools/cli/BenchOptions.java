package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.agent.cli.PenstockCommand;
import io.penstock.tools.bench.Bench;
import io.penstock.tools.bench.Outcome;
import io.penstock.tools.bench.Plan;
import io.penstock.tools.bench.ProgressLine;
import io.penstock.tools.bench.Report;
import io.penstock.tools.bench.wire.Load;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What all of {@code bench} take, and the run itself. */
final class BenchOptions {
    private static final long DEFAULT_EVENTS = 100_000;
    private static final long MAX_UNIT_BYTES = 64L << 20;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Where the agent is. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many at a time. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "How many in all. Default: 100000; with --seconds as many as there is time for.")
    private @Nullable Long events;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "256",
            description =
                    "Bytes of each event's text, without what the protocol puts around it. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Events per second in all, due at fixed times; latency counts from when an event was due.",
                "Default: as fast as they are acknowledged."
            })
    private double rate;

    @Option(names = "--seconds", paramLabel = "S", description = "Send no more after this time.")
    private @Nullable Long seconds;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "30",
            description = "Give up after so many seconds without any progress. Default: ${DEFAULT-VALUE}.")
    private long timeout;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @ArgGroup(exclusive = false, heading = "%nTLS and login:%n")
    private BenchSecurity security = new BenchSecurity();

    @ArgGroup(exclusive = false, heading = "%nReading back:%n")
    private VerifyOptions verify = new VerifyOptions();

    /** Runs the load against {@code port} and prints the result; returns the exit status. */
    int run(CommandSpec spec, Load load, int port, String stream) throws InterruptedException {
        Plan plan = plan(load, port);
        VerifyOptions.Target target = verify.target(stream);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Bench.Watcher progress = new ProgressLine(err, Terminal.onStandardError(), load, plan);
        Bench bench = new Bench(load, plan);
        Report report;
        try {
            Outcome outcome = bench.run(progress);
            report = verify.wanted() ? Report.of(outcome, target.verify(bench, progress)) : Report.of(outcome);
        } catch (Bench.Failure e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
        if (json) {
            out.println(report.json());
        } else {
            out.print(report.text());
        }
        out.flush();
        return report.good() ? 0 : PenstockCommand.FAILURE;
    }

    /** TLS and login. */
    BenchSecurity security() {
        return security;
    }

    /** Refuses a value out of its range. */
    static void inRange(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw CommandFailure.wrongUsage(option + " " + value + ": from " + least + " to " + most);
        }
    }

    private Plan plan(Load load, int port) {
        inRange("--port", port, 1, 65_535);
        inRange("--connections", connections, 1, Plan.MAX_CONNECTIONS);
        inRange("--size", size, Plan.MIN_SIZE, Plan.MAX_SIZE);
        inRange("--timeout", timeout, 1, Duration.ofDays(1).toSeconds());
        if (!(rate >= 0 && rate <= 1e9)) {
            throw CommandFailure.wrongUsage("--rate " + rate + ": events per second, from 0 (no rate) to 1000000000");
        }
        if (seconds != null) {
            inRange("--seconds", seconds, 1, Plan.ANY_TIME.toSeconds());
        }
        if (events != null) {
            inRange("--events", events, connections, (long) Integer.MAX_VALUE * connections);
        }
        if ((long) load.unit() * size > MAX_UNIT_BYTES) {
            throw CommandFailure.wrongUsage(load.unit() + " events of " + size
                    + " bytes at once are more than 64 MiB; choose smaller events or fewer at once");
        }
        long wanted =
                events != null ? events : seconds != null ? Plan.UNBOUNDED : Math.max(DEFAULT_EVENTS, connections);
        Duration limit = seconds == null ? Plan.ANY_TIME : Duration.ofSeconds(seconds);
        return new Plan(
                new Plan.Receiver(host, port, security.tls()),
                connections,
                new Plan.Events(wanted, size, rate),
                limit,
                Duration.ofSeconds(timeout),
                verify.wanted());
    }
}
