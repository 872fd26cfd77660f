package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

@DisplayName("Every command explains itself")
class HelpTest {
    static Stream<String> commands() {
        return under(PenstockCommand.commandLine(), "penstock");
    }

    private static Stream<String> under(CommandLine command, String path) {
        return Stream.concat(
                Stream.of(path),
                command.getSubcommands().entrySet().stream()
                        .filter(entry -> !entry.getKey().equals("help"))
                        .flatMap(entry -> under(entry.getValue(), path + " " + entry.getKey())));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void withHelp(String path) {
        CommandLine command = PenstockCommand.commandLine();
        for (String name : path.split(" ")) {
            command =
                    name.equals("penstock") ? command : command.getSubcommands().get(name);
        }
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        String usage;
        try {
            usage = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
        } finally {
            System.setErr(before);
        }
        assertAll(
                () -> assertEquals("", warnings.toString(StandardCharsets.UTF_8)),
                () -> assertTrue(usage.contains("--help"), usage),
                () -> assertFalse(usage.lines().anyMatch(line -> line.length() > 80), usage));
        assertFalse(command.getCommandSpec().usageMessage().description().length == 0, path);
    }

    @Test
    void thereAreMoreThanTwentyOfThem() {
        assertTrue(commands().count() > 20);
    }
}
