package io.penstock.tools.cli;

import io.penstock.agent.auth.TokenEntries;
import io.penstock.agent.cli.CommandFailure;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What {@code penstock passwd --token} does with a tokens file. */
@OwnedBy(ThreadRole.HOLDER)
final class TokensFile {
    private final Path file;
    private final PrintWriter out;

    TokensFile(Path file, PrintWriter out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Lists the tokens, or deletes or makes one.
     *
     * @param name absent: list
     * @param streams of a new token; empty: those of the former one, or all
     */
    void run(Optional<String> name, boolean delete, List<String> streams) throws IOException {
        if (name.isEmpty()) {
            TokenEntries.read(file).streamsByName().forEach((each, only) -> out.println(each + allowed(only)));
        } else if (delete) {
            delete(name.get());
        } else {
            make(name.get(), streams);
        }
    }

    private static String allowed(Set<String> only) {
        return only.isEmpty() ? "" : " " + String.join(",", new TreeSet<>(only));
    }

    private void delete(String name) throws IOException {
        TokenEntries entries = TokenEntries.read(file);
        if (!entries.streamsByName().containsKey(name)) {
            throw CommandFailure.failed("there is no token " + name + " in " + file);
        }
        entries.without(name).write(file);
    }

    private void make(String name, List<String> streams) throws IOException {
        TokenEntries entries = Files.notExists(file) ? TokenEntries.empty() : TokenEntries.read(file);
        Collection<String> allowed = streams.isEmpty() ? entries.streamsByName().getOrDefault(name, Set.of()) : streams;
        String token = TokenEntries.random();
        try {
            entries.with(name, token, allowed).write(file);
        } catch (IllegalArgumentException wrong) {
            throw CommandFailure.wrongUsage(String.valueOf(wrong.getMessage()));
        }
        out.println(token);
    }
}
