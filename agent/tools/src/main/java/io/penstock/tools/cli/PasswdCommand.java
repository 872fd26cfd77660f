package io.penstock.tools.cli;

import io.penstock.agent.cli.CommandFailure;
import io.penstock.base.auth.PasswordEntries;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code penstock passwd}. */
@Command(
        name = "passwd",
        mixinStandardHelpOptions = true,
        description = {
            "Maintains the file of users and hashed passwords that mqtt.auth.password-file and http.auth.password-file"
                    + " name, and with --token the file of tokens that http.auth.tokens-file names.",
            "Sets USER's password, which is asked for twice at a terminal and else read from the first line of"
                    + " standard input. The file is made when it is missing; comments in it are not kept. A running agent uses the change within seconds.",
            "With --token, makes a token for USER and prints it. Only its hash is kept, so this is the one time that it"
                    + " is seen. A token of the same name no longer counts.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  penstock passwd /etc/penstock/passwords gateway-1",
            "  printf '%%s\\n' \"$SECRET\" | penstock passwd /etc/penstock/passwords gateway-1",
            "  penstock passwd /etc/penstock/passwords gateway-1 --delete",
            "  penstock passwd /etc/penstock/passwords --list",
            "  penstock passwd --token /etc/penstock/tokens web --streams clicks,errors",
            "  penstock passwd --token /etc/penstock/tokens --list"
        })
final class PasswdCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "The password file.")
    private Path file = Path.of("");

    @Parameters(index = "1", arity = "0..1", paramLabel = "USER", description = "Whose password.")
    private @Nullable String user;

    @Option(names = "--token", description = "The file is one of tokens, and USER the name of a token.")
    private boolean token;

    @Option(
            names = "--streams",
            paramLabel = "STREAM",
            split = ",",
            description = "With --token: the only streams that it may write to. Left out: those of the former token of"
                    + " this name, or all.")
    private List<String> streams = List.of();

    @Option(names = "--delete", description = "Takes USER out.")
    private boolean delete;

    @Option(names = "--list", description = "Prints the users.")
    private boolean list;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (list == (user != null) || list && delete) {
            throw CommandFailure.wrongUsage("name a USER, or --list them (penstock passwd --help)");
        }
        if (!streams.isEmpty() && (!token || list || delete)) {
            throw CommandFailure.wrongUsage("--streams belongs to a new --token; for a user write them under"
                    + " http.auth.users (penstock passwd --help)");
        }
        try {
            if (token) {
                new TokensFile(file, out).run(Optional.ofNullable(user), delete, streams);
            } else if (user == null) {
                read(false).users().forEach(out::println);
            } else if (delete) {
                delete(user);
            } else {
                set(user);
            }
            out.flush();
            return 0;
        } catch (NoSuchFileException missing) {
            throw CommandFailure.failed("there is no " + missing.getFile());
        } catch (AccessDeniedException denied) {
            throw CommandFailure.failed(denied.getFile() + " may not be read or written by this user");
        } catch (IOException failed) {
            throw CommandFailure.failed(String.valueOf(failed.getMessage()));
        }
    }

    private PasswordEntries read(boolean mayBeMissing) throws IOException {
        return mayBeMissing && Files.notExists(file) ? PasswordEntries.empty() : PasswordEntries.read(file);
    }

    private void delete(String name) throws IOException {
        PasswordEntries entries = read(false);
        if (!entries.users().contains(name)) {
            throw CommandFailure.failed("there is no user " + name + " in " + file);
        }
        entries.without(name).write(file);
    }

    private void set(String name) throws IOException {
        PasswordEntries entries = read(true);
        String password = password();
        if (password.isEmpty()) {
            throw CommandFailure.wrongUsage("the password is empty");
        }
        try {
            entries.with(name, password).write(file);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailure.wrongUsage(String.valueOf(wrong.getMessage()));
        }
    }

    private static String password() throws IOException {
        Console terminal = System.console();
        if (terminal == null || !Terminal.onStandardInput()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = in.readLine();
            return line == null ? "" : line;
        }
        char[] once = asked(terminal, "Password: ");
        char[] twice = asked(terminal, "Once more: ");
        try {
            if (!Arrays.equals(once, twice)) {
                throw CommandFailure.wrongUsage("the two passwords differ");
            }
            return new String(once);
        } finally {
            Arrays.fill(once, ' ');
            Arrays.fill(twice, ' ');
        }
    }

    private static char[] asked(Console terminal, String prompt) {
        char[] answer = terminal.readPassword(prompt);
        return answer == null ? new char[0] : answer;
    }
}
