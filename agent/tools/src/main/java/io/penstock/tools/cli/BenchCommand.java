package io.penstock.tools.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code penstock bench}: load generation for sizing, by protocol. */
@Command(
        name = "bench",
        description = {
            "Sends events as fast as they are acknowledged, or at a rate, and measures throughput and latency.",
            "With --verify it reads the stream back and accounts for each event."
        },
        footer = {
            "",
            "Against an agent started by 'penstock run':",
            "  penstock bench mqtt",
            "  penstock bench forward --mode gzip --verify",
            "  penstock bench http --rate 5000 --seconds 30 --json"
        },
        subcommands = {
            BenchMqttCommand.class,
            BenchForwardCommand.class,
            BenchHttpCommand.class,
            CommandLine.HelpCommand.class
        })
final class BenchCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which protocol? mqtt, forward or http");
    }
}
