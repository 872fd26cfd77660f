package io.penstock.agent.config;

import io.penstock.agent.route.Parsed;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The kinds of values that several sections have, as parsers with their bounds. */
final class Values {
    private Values() {}

    static Function<String, Parsed<Boolean>> flag() {
        return text -> switch (text) {
            case "true" -> Parsed.right(true);
            case "false" -> Parsed.right(false);
            default -> Parsed.wrong("\"" + text + "\" is neither true nor false", "write true or false");
        };
    }

    static Function<String, Parsed<Integer>> number(int least, int most) {
        return text -> {
            if (!text.matches("\\d{1,18}")) {
                return Parsed.wrong("\"" + text + "\" is no whole number", "write one from " + least + " to " + most);
            }
            long number = Long.parseLong(text);
            return number < least || number > most
                    ? Parsed.wrong(text + " is out of bounds", "write a number from " + least + " to " + most)
                    : Parsed.right((int) number);
        };
    }

    static Function<String, Parsed<Long>> size(long least) {
        return text -> SizeText.parse(text)
                .then(bytes -> bytes < least
                        ? Parsed.wrong("\"" + text + "\" is too small", "write at least " + SizeText.format(least))
                        : Parsed.right(bytes));
    }

    static Function<String, Parsed<Long>> size(long least, long most) {
        return text -> size(least)
                .apply(text)
                .then(bytes -> bytes > most
                        ? Parsed.wrong("\"" + text + "\" is too large", "write at most " + SizeText.format(most))
                        : Parsed.right(bytes));
    }

    /** A file's path; absolute then. */
    static Function<String, Parsed<Path>> file(Section section) {
        Environment environment = section.reading.environment;
        return text -> path(text, environment, "names no file", "write one such as /etc/penstock/server.pem");
    }

    /** A folder's path; absolute then. */
    static Function<String, Parsed<Path>> folder(Section section) {
        Environment environment = section.reading.environment;
        return text -> path(text, environment, "names no folder", "write one such as /var/lib/penstock");
    }

    private static Parsed<Path> path(String text, Environment environment, String empty, String remedy) {
        try {
            return text.isEmpty() ? Parsed.wrong(empty, remedy) : Parsed.right(environment.path(text));
        } catch (InvalidPathException e) {
            return Parsed.wrong("\"" + text + "\" is no path: " + e.getReason(), remedy);
        }
    }

    static Function<String, Parsed<Duration>> duration(Duration least, Duration most) {
        return text -> DurationText.parse(text)
                .then(duration -> duration.compareTo(least) < 0 || duration.compareTo(most) > 0
                        ? Parsed.wrong(
                                "\"" + text + "\" is out of bounds",
                                "write " + DurationText.format(least) + " to " + DurationText.format(most))
                        : Parsed.right(duration));
    }

    /** A key whose only value so far is the one that says that its feature is not used. */
    static Function<String, Parsed<String>> only(String value) {
        return text -> text.equals(value)
                ? Parsed.right(text)
                : Parsed.wrong("\"" + text + "\" is not one of the choices", "write " + value);
    }

    static <K extends Keyword> Function<String, Parsed<K>> choice(K[] choices) {
        List<String> keywords = Stream.of(choices).map(Keyword::keyword).toList();
        return text -> {
            for (K choice : choices) {
                if (choice.keyword().equals(text)) {
                    return Parsed.right(choice);
                }
            }
            return Parsed.wrong(
                    "\"" + text + "\" is not one of the choices",
                    NearestKey.to(text, keywords)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("write " + String.join(" or ", keywords)));
        };
    }
}
