package io.penstock.agent.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The options of a command, where each is written out: {@code --name value} or {@code --name=value}. Immutable.
 *
 * @param values by option, in the order of the command line; of a flag without an element
 */
record PlainLine(Map<String, List<String>> values) {
    /**
     * The options that a command has.
     *
     * @param flags without a value
     * @param single with a value, to be given once
     * @param repeated with a value, to be given any number of times
     */
    record Options(Set<String> flags, Set<String> single, Set<String> repeated) {}

    /**
     * Empty if picocli must read the line: it has help, a mistake, or a form of picocli's own.
     *
     * @param words what stands after the command's name
     */
    static Optional<PlainLine> read(List<String> words, Options options) {
        Map<String, List<String>> values = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (options.flags().contains(word) && values.put(word, List.of()) == null) {
                continue;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = equals >= 0 ? word.substring(equals + 1) : ++i < words.size() ? words.get(i) : "";
            boolean again = values.containsKey(name) && !options.repeated().contains(name);
            boolean known =
                    options.single().contains(name) || options.repeated().contains(name);
            if (!known || again || value.isEmpty() || "-@\"'".indexOf(value.charAt(0)) >= 0) {
                return Optional.empty();
            }
            values.merge(
                    name,
                    List.of(value),
                    (first, more) ->
                            Stream.concat(first.stream(), more.stream()).toList());
        }
        return Optional.of(new PlainLine(values));
    }

    boolean has(String flag) {
        return values.containsKey(flag);
    }

    Optional<String> one(String option) {
        return all(option).stream().findFirst();
    }

    List<String> all(String option) {
        return Objects.requireNonNullElse(values.get(option), List.of());
    }
}
