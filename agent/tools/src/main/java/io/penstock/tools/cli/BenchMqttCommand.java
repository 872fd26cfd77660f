package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.tools.bench.wire.MqttLoad;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock bench mqtt}. */
@Command(
        name = "mqtt",
        description = "Publishes over MQTT, one publish for each event.",
        footer = {
            "",
            "Examples:",
            "  penstock bench mqtt --verify",
            "  penstock bench mqtt --connections 1000 --window 1 --rate 20000 --seconds 60",
            "  penstock bench mqtt --version 5 --qos 2 --size 1000 --topic 'sensors/{connection}/load'"
        })
final class BenchMqttCommand implements Callable<Integer> {
    private static final int MAX_TOPIC = 60_000;

    @Option(names = "--port", defaultValue = "1883", description = "The agent's MQTT port. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--version", defaultValue = "3.1.1", description = "3.1.1 or 5. Default: ${DEFAULT-VALUE}.")
    private String version = "3.1.1";

    @Option(names = "--qos", defaultValue = "1", description = "0, 1 or 2. Default: ${DEFAULT-VALUE}.")
    private int qos;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "100",
            description = {
                "Publishes of each connection that wait for their answer; a version 5 server may lower it.",
                "Default: ${DEFAULT-VALUE}."
            })
    private int window;

    @Option(
            names = "--topic",
            defaultValue = "bench/" + MqttLoad.CONNECTION,
            description = "Where {connection} stands for the connection's number. Default: ${DEFAULT-VALUE}.")
    private String topic = "";

    @Option(
            names = "--keep-sessions",
            description = {
                "Ask for sessions that outlive their connections. Version 5 ends them with the run; those of version",
                "3.1.1 stay at the server until they expire."
            })
    private boolean keepsSessions;

    @Mixin
    private final BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        int level = switch (version) {
            case "3.1.1", "3", "4" -> 4;
            case "5", "5.0" -> 5;
            default -> throw CommandFailure.wrongUsage("--version " + version + ": 3.1.1 or 5");
        };
        BenchOptions.inRange("--qos", qos, 0, 2);
        BenchOptions.inRange("--window", window, 1, MqttLoad.MAX_WINDOW);
        boolean bad = topic.isEmpty()
                || topic.contains("#")
                || topic.contains("+")
                || topic.getBytes(StandardCharsets.UTF_8).length > MAX_TOPIC;
        if (bad) {
            throw CommandFailure.wrongUsage("--topic '" + topic
                    + "': a topic to publish to, without + and #, of at most " + MAX_TOPIC + " bytes");
        }
        MqttLoad load = new MqttLoad(
                level, qos, window, topic, keepsSessions, options.security().login(false));
        return options.run(spec, load, port, "mqtt");
    }
}
