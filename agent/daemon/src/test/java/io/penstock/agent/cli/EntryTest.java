package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.fixtures.Typed;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

@DisplayName("A command line that is read without picocli")
class EntryTest {
    private static final Set<String> OF_PICOCLI = Set.of("--help", "--version");

    /** What picocli or the entry made of a line: each field of the command by its name. */
    private static TreeMap<String, Object> fields(Object command) throws IllegalAccessException {
        TreeMap<String, Object> fields = new TreeMap<>();
        for (Field field : command.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(command);
            if (value instanceof ConfigurationOptions options) {
                fields.put(field.getName(), options.file());
            } else if (!field.getName().equals("spec") && !Modifier.isStatic(field.getModifiers())) {
                fields.put(field.getName(), String.valueOf(value));
            }
        }
        return fields;
    }

    private static Object ofPicocli(String... args) {
        List<CommandLine> parsed = PenstockCommand.commandLine().parseArgs(args).asCommandLineList();
        return parsed.get(parsed.size() - 1).getCommand();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "run --config /etc/penstock.yaml --data=/var/lib/p",
                "engine",
                "engine --ephemeral --stream a:1 --stream=b:2:eu-west-1 --host kinesis --allow-anonymous --listen 0.0.0.0:0",
                "engine --data d --config=c.yaml --transition 2s --allow-changes --host=a --host b",
                "engine --ephemeral --seed orders=orders.ndjson --seed=a=b.ndjson"
            })
    void isUnderstoodAsPicocliDoes(String line) throws Exception {
        String[] args = line.split(" ", -1);
        assertEquals(fields(ofPicocli(args)), fields(Entry.plain(args).orElseThrow()), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "check",
                "run --help",
                "run --dat x",
                "run --data",
                "run --data=",
                "run --data x --data y",
                "run --data -x",
                "run --data \"x",
                "run x",
                "run @file",
                "run --config @file",
                "run --",
                "engine --ephemeral --ephemeral",
                "engine --ephemeral=true",
                "engine --stream",
                "engine --stream a:1 -h",
                "engine --nonsense x",
                "engine --data \0"
            })
    void isPicoclisWhereItIsNotPlain(String line) {
        assertEquals(Optional.empty(), Entry.plain(line.split(" ", -1)).map(unexpected -> line));
    }

    @Test
    void knowsEveryOptionOfTheCommands() {
        check("run", RunCommand.OPTIONS);
        check("engine", EngineCommand.OPTIONS);
    }

    private static void check(String command, PlainLine.Options known) {
        List<OptionSpec> all = PenstockCommand.commandLine()
                .getSubcommands()
                .get(command)
                .getCommandSpec()
                .options();
        List<String> flags = new ArrayList<>();
        List<String> single = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        for (OptionSpec option : all) {
            List<String> kind = option.arity().max() == 0 ? flags : option.isMultiValue() ? repeated : single;
            kind.addAll(Arrays.asList(option.names()));
        }
        flags.removeIf(name -> OF_PICOCLI.contains(name) || !name.startsWith("--"));
        assertEquals(known.flags(), Set.copyOf(flags), command);
        assertEquals(known.single(), Set.copyOf(single), command);
        assertEquals(known.repeated(), Set.copyOf(repeated), command);
        assertTrue(Stream.of(known.flags(), known.single(), known.repeated())
                .flatMap(Set::stream)
                .collect(Collectors.toSet())
                .containsAll(Set.of("--config", "--data")));
    }

    @Test
    void failsWithOneLineAndTheSameStatus() {
        Typed plain = Typed.into(Entry::execute, "engine", "--ephemeral", "--data", "x");
        Typed picocli = Typed.into(PenstockCommand::execute, "engine", "--ephemeral", "--data", "x");
        assertEquals(picocli.err(), plain.err());
        assertEquals(picocli.status(), plain.status());
        assertEquals(PenstockCommand.USAGE, plain.status());
    }
}
