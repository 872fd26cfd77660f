package io.penstock.agent.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Runs what is typed after {@code penstock}. A plain {@code run} or {@code engine} is read here: picocli takes a fifth of
 * the time of a start, because it reads its annotations, and its classes cannot be in a class archive. Every other line is
 * picocli's, so that help and mistakes look the same everywhere.
 */
public final class Entry {
    private Entry() {}

    /** A command that starts something. */
    interface Starting {
        /** @return the exit status */
        int run(PrintWriter out) throws Exception;
    }

    /** As {@link PenstockCommand#execute}. */
    public static int execute(String... args) {
        Optional<Starting> plain = plain(args);
        return plain.isPresent() ? run(plain.get()) : PenstockCommand.execute(args);
    }

    /** Empty if picocli must read the line. */
    static Optional<Starting> plain(String... args) {
        List<String> words = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        String name = args.length == 0 ? "" : args[0];
        try {
            return switch (name) {
                case "run" -> PlainLine.read(words, RunCommand.OPTIONS).map(RunCommand::new);
                case "engine" -> PlainLine.read(words, EngineCommand.OPTIONS).map(EngineCommand::new);
                default -> Optional.empty();
            };
        } catch (InvalidPathException unfit) {
            return Optional.empty();
        }
    }

    private static int run(Starting command) {
        PrintWriter out = CheckedOutput.printer(System.out);
        try {
            return command.run(out);
        } catch (Exception failure) {
            out.flush();
            PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
            return Failures.tell(failure, err);
        }
    }
}
