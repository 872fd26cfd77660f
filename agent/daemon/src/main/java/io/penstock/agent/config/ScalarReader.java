package io.penstock.agent.config;

import io.penstock.base.settings.Parsed;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Understands single values: puts environment variables in and lets a parser judge the text. What is wrong is collected
 * and gives nothing.
 */
@OwnedBy(ThreadRole.HOLDER)
final class ScalarReader {
    private final Reading reading;

    ScalarReader(Reading reading) {
        this.reading = reading;
    }

    /**
     * The one value that {@code node} is; nothing when it is absent, and, as a mistake, when it is something else or
     * empty.
     *
     * @param path of its key, for the mistake
     * @param place of its key
     */
    Optional<Scalar> one(@Nullable Node node, String path, Place place) {
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalarNode)) {
            String kind = node instanceof SequenceNode ? "a list" : "a section";
            Optional<String> trap =
                    node instanceof CollectionNode<?> collection ? YamlTraps.collection(collection) : Optional.empty();
            reading.mistakes.add(Place.of(node), path, "is " + kind, trap.orElse("write one value"));
            return Optional.empty();
        }
        Scalar scalar = Scalar.of(scalarNode);
        if (scalar.isNull()) {
            Optional<String> trap =
                    YamlTraps.lost(scalarNode, reading.line(scalar.place().line()));
            reading.mistakes.add(place, path, "has no value", trap.orElse("write one, or take the key out"));
            return Optional.empty();
        }
        if (scalarNode.getTag().getValue().startsWith("!")) {
            reading.mistakes.add(
                    scalar.place(),
                    path,
                    "has lost its beginning",
                    YamlTraps.lost(scalarNode, "").orElse("put it in quotes"));
            return Optional.empty();
        }
        return Optional.of(scalar);
    }

    /** @param rule the path that says which values are not in this version */
    <T> Optional<T> parse(Scalar scalar, String path, String rule, Function<String, Parsed<T>> parser) {
        Parsed<String> substituted = Substitution.apply(scalar.text(), reading.environment);
        Parsed<T> parsed = substituted.then(text -> reading.missing
                .value(rule, text)
                .map(feature -> Parsed.<T>wrong("\"" + text + "\" is not in this version: " + feature, "take it out"))
                .orElseGet(() -> parser.apply(text)));
        if (parsed instanceof Parsed.Right<T> right) {
            return Optional.of(right.value());
        }
        Parsed.Wrong<T> wrong = (Parsed.Wrong<T>) parsed;
        reading.mistakes.add(scalar.place(), path, asWritten(wrong.reason(), substituted, scalar), wrong.remedy());
        return Optional.empty();
    }

    /** A mistake of a value that its own parser took. */
    void wrong(Scalar scalar, String path, String reason, String remedy) {
        Parsed<String> substituted = Substitution.apply(scalar.text(), reading.environment);
        reading.mistakes.add(scalar.place(), path, asWritten(reason, substituted, scalar), remedy);
    }

    /** What a variable holds may be a secret: a mistake quotes the file, not the variable. */
    private static String asWritten(String reason, Parsed<String> substituted, Scalar scalar) {
        return substituted instanceof Parsed.Right<String> right
                        && !right.value().isEmpty()
                        && !right.value().equals(scalar.text())
                ? reason.replace(right.value(), scalar.text())
                : reason;
    }
}
