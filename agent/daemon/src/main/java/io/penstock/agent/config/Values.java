package io.penstock.agent.config;

import io.penstock.base.settings.DurationText;
import io.penstock.base.settings.Nearest;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.SizeText;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Word;
import java.lang.reflect.RecordComponent;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
    static Parsed<Path> file(String text, Environment environment) {
        return path(text, environment, "names no file", "write one such as /etc/penstock/server.pem");
    }

    /** A folder's path; absolute then. */
    static Parsed<Path> folder(String text, Environment environment) {
        return path(text, environment, "names no folder", "write one such as /var/lib/penstock");
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

    /** One of {@code constants}; {@code noun} says what they are. */
    static Function<String, Parsed<Enum<?>>> choice(List<Enum<?>> constants, Optional<String> noun) {
        List<String> words = constants.stream().map(Word.Of::constant).toList();
        Function<String, Parsed<String>> word =
                noun.map(what -> word(words, what)).orElseGet(() -> word(words));
        return text -> word.apply(text).then(known -> Parsed.right(constants.get(words.indexOf(known))));
    }

    static Function<String, Parsed<String>> word(List<String> words) {
        return text -> words.contains(text)
                ? Parsed.right(text)
                : Parsed.wrong(
                        "\"" + text + "\" is not one of the choices",
                        Nearest.remedy(text, words, "write " + String.join(" or ", words)));
    }

    private static Function<String, Parsed<String>> word(List<String> words, String noun) {
        return text -> words.contains(text)
                ? Parsed.right(text)
                : Parsed.wrong("\"" + text + "\" is no " + noun, "write " + oneOf(words));
    }

    private static String oneOf(List<String> words) {
        int last = words.size() - 1;
        return (last == 0 ? "" : String.join(", ", words.subList(0, last)) + " or ") + words.get(last);
    }

    /** A text that keeps to what {@code component} declares. */
    static Parsed<String> text(String text, RecordComponent component) {
        Text bounds = component.getAnnotation(Text.class);
        if (bounds == null) {
            return Parsed.right(text);
        }
        if (!bounds.pattern().isEmpty()) {
            return text.matches(bounds.pattern())
                    ? Parsed.right(text)
                    : Parsed.wrong((bounds.quoted() ? "\"" + text + "\" " : "") + bounds.reason(), bounds.remedy());
        }
        return text.isEmpty() || bounds.notBlank() && text.isBlank() || text.length() > bounds.most()
                ? Parsed.wrong(bounds.what() + " of " + text.length() + " characters", "write 1 to " + bounds.most())
                : Parsed.right(text);
    }
}
