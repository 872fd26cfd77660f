package io.penstock.agent.config;

import io.penstock.base.settings.Key;
import io.penstock.base.settings.Nearest;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Written;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One section of the file while it is read. Asking for a key is what makes it valid: {@link #end} refuses every key
 * that was not asked for. A mistake is collected and the fallback given instead, so that reading goes on and finds the
 * others.
 */
@OwnedBy(ThreadRole.HOLDER)
final class Section implements Written {
    private static final String SOURCES =
            "each source has a section of its own: mqtt, forward, http, log4j, kinesis-api";

    private static final String TARGETS = "the stream service is under kinesis:, and further ones under targets:";

    /** What other programs call the sections. */
    private static final Map<String, String> OTHER_WORDS = Map.of(
            "inputs", SOURCES,
            "input", SOURCES,
            "sources", SOURCES,
            "listeners", SOURCES,
            "outputs", TARGETS,
            "output", TARGETS,
            "sinks", TARGETS);

    final Reading reading;
    private final ScalarReader reader;
    private final Place place;
    private final String path;
    private final String rule;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final Set<String> doubtful = new HashSet<>();
    private final Map<String, List<Scalar>> scalars = new HashMap<>();
    private final Map<String, List<Section>> below = new HashMap<>();
    private Consumer<String> undecided = word -> {};

    Section(Reading reading, MappingNode node, Place place, String path, String rule) {
        this.reading = reading;
        this.reader = new ScalarReader(reading);
        this.place = place;
        this.path = path;
        this.rule = rule;
        for (NodeTuple tuple : node.getValue()) {
            take(tuple);
        }
    }

    private void take(NodeTuple tuple) {
        Place keyPlace = Place.of(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
            reading.mistakes.add(keyPlace, path, "a key is a list or a section itself", "write KEY: VALUE");
            return;
        }
        String key = scalar.getValue();
        Place first = places.putIfAbsent(key, keyPlace);
        if (first == null) {
            values.put(key, tuple.getValueNode());
        } else {
            reading.mistakes.add(
                    keyPlace, pathOf(key), "stands here twice, first in line " + first.line(), "take one of them out");
        }
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    String ruleOf(String key) {
        return rule.isEmpty() ? key : rule + "." + key;
    }

    /** Where {@code key} stands, or nowhere. */
    Place placeOf(String key) {
        return places.getOrDefault(key, Place.NOWHERE);
    }

    /** What stands in it, in the order of the file. */
    Set<String> keys() {
        return new LinkedHashSet<>(values.keySet());
    }

    Environment environment() {
        return reading.environment;
    }

    @Override
    public boolean has(String key) {
        return places.containsKey(key);
    }

    @Override
    public int line(String key) {
        return placeOf(key).line();
    }

    @Override
    public boolean right(String key) {
        return !doubtful.contains(key);
    }

    @Override
    public void wrong(String key, String reason, String remedy) {
        doubtful.add(key);
        reading.mistakes.add(placeOf(key), pathOf(key), reason, remedy);
    }

    @Override
    public void wrongValue(String key, int index, String reason, String remedy) {
        doubtful.add(key);
        reader.wrong(scalars.getOrDefault(key, List.of()).get(index), pathOf(key), reason, remedy);
    }

    @Override
    public void lacks(String key, String reason, String remedy) {
        doubtful.add(key);
        reading.mistakes.add(place, pathOf(key), reason, remedy);
    }

    @Override
    public Section section(String key) {
        List<Section> there = sections(key);
        return there.isEmpty()
                ? new Section(reading, YamlDocument.empty(), placeOf(key), pathOf(key), ruleOf(key))
                : there.get(0);
    }

    /** Those of which settings were made. */
    @Override
    public List<Section> sections(String key) {
        return below.getOrDefault(key, List.of());
    }

    @Override
    public void is(String key, String word) {
        section(key).undecided.accept(word);
    }

    /** Keeps what is to be judged once {@link Written#is} says which of several this section is. */
    void undecided(Consumer<String> judge) {
        undecided = judge;
    }

    @Override
    public Optional<String> variable(String name) {
        return reading.environment.variable(name);
    }

    /** What something outside of the file, such as the command line, says about {@code key}. */
    Optional<Object> outside(String key) {
        return Optional.ofNullable(reading.outside.get(ruleOf(key)));
    }

    /** The default of {@code key}; nothing, as a mistake, where it is in a home folder that the user does not have. */
    <T> Optional<T> usual(String key, Key declared, Function<String, Parsed<T>> parser) {
        if (parser.apply(declared.usual()) instanceof Parsed.Right<T> right) {
            return Optional.of(right.value());
        }
        if (!has(key)) {
            lacks(
                    key,
                    "is missing, and this user has no home folder to take instead (HOME is not set)",
                    declared.required());
        }
        return Optional.empty();
    }

    private @Nullable Node ask(String key) {
        asked.add(key);
        return values.get(key);
    }

    /** The value of {@code key} as {@code parser} understands it; nothing when absent or wrong. */
    <T> Optional<T> optional(String key, Function<String, Parsed<T>> parser) {
        return read(key, ask(key), parser);
    }

    /** As {@link #optional}, for a key where an empty value means something: the parser gets {@code ""}. */
    <T> Optional<T> optionalOrEmpty(String key, Function<String, Parsed<T>> parser) {
        Node node = ask(key);
        return Scalar.isNull(node) ? parse(key, new Scalar("", true, placeOf(key)), parser) : read(key, node, parser);
    }

    /**
     * As {@link #optional}, for a key whose meaning depends on its quotes.
     *
     * @param parser gets the text and whether it stands there itself and without quotes; what has a variable in it does
     *     not
     */
    <T> Optional<T> styled(String key, BiFunction<String, Boolean, Parsed<T>> parser) {
        Optional<Scalar> one = scalar(key, ask(key));
        return one.flatMap(scalar -> {
            boolean plain = scalar.plain() && !scalar.text().contains("${");
            return parse(key, scalar, text -> parser.apply(text, plain));
        });
    }

    private <T> Optional<T> read(String key, @Nullable Node node, Function<String, Parsed<T>> parser) {
        return scalar(key, node).flatMap(scalar -> parse(key, scalar, parser));
    }

    private Optional<Scalar> scalar(String key, @Nullable Node node) {
        Optional<Scalar> one = reader.one(node, pathOf(key), placeOf(key));
        if (node != null && one.isEmpty()) {
            doubtful.add(key);
        }
        return one;
    }

    private <T> Optional<T> parse(String key, Scalar scalar, Function<String, Parsed<T>> parser) {
        Optional<T> value = reader.parse(scalar, pathOf(key), ruleOf(key), parser);
        if (value.isPresent()) {
            scalars.computeIfAbsent(key, first -> new ArrayList<>()).add(scalar);
        } else {
            doubtful.add(key);
        }
        return value;
    }

    /** A list; one value that stands alone is a list of one. Nothing when the key is absent. */
    <T> Optional<List<T>> list(String key, Function<String, Parsed<T>> parser) {
        Node node = ask(key);
        if (node == null) {
            return Optional.empty();
        }
        List<Node> elements = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
        Optional<String> feature = reading.missing.filled(ruleOf(key));
        if (feature.isPresent() && !elements.isEmpty()) {
            wrong(key, "is not in this version: " + feature.get(), "write [] or take it out");
            return Optional.of(List.of());
        }
        List<T> result = new ArrayList<>();
        for (Node element : elements) {
            read(key, element, parser).ifPresent(result::add);
        }
        return Optional.of(List.copyOf(result));
    }

    /** A section below this one, read by {@code reader}; an absent or empty one is read as well, for its defaults. */
    <T> T section(String key, Function<Section, T> reader) {
        return below(key, ask(key), ruleOf(key), reader);
    }

    private <T> T below(String key, @Nullable Node node, String rule, Function<Section, T> reader) {
        MappingNode mapping = YamlDocument.empty();
        if (node instanceof MappingNode present) {
            mapping = present;
        } else if (node != null && !Scalar.isNull(node)) {
            reading.mistakes.add(Place.of(node), pathOf(key), "is no section", "write keys below it, indented");
        }
        Section section = new Section(reading, mapping, placeOf(key), pathOf(key), rule);
        this.below.computeIfAbsent(key, first -> new ArrayList<>()).add(section);
        T result = reader.apply(section);
        section.end();
        return result;
    }

    /**
     * Sections by names that the file gives, in its order.
     *
     * @param name judges a name
     */
    void named(String key, Function<String, Parsed<String>> name, BiConsumer<String, Section> reader) {
        section(key, all -> {
            for (String each : all.values.keySet()) {
                all.asked.add(each);
                if (name.apply(each) instanceof Parsed.Wrong<String> wrong) {
                    all.wrong(each, wrong.reason(), wrong.remedy());
                    continue;
                }
                all.below(each, all.values.get(each), ruleOf(key) + ".*", section -> {
                    reader.accept(each, section);
                    return true;
                });
            }
            return true;
        });
    }

    /** A list of sections; what {@code reader} gives nothing for is left out. */
    <T> List<T> sections(String key, Function<Section, Optional<T>> reader) {
        Node node = ask(key);
        if (node == null || Scalar.isNull(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            reading.mistakes.add(Place.of(node), pathOf(key), "is no list", "begin each element with - below it");
            return List.of();
        }
        List<T> result = new ArrayList<>();
        int index = 0;
        for (Node element : sequence.getValue()) {
            String elementPath = pathOf(key) + "[" + index++ + "]";
            if (element instanceof MappingNode mapping) {
                Section section = new Section(reading, mapping, Place.of(element), elementPath, ruleOf(key) + "[]");
                reader.apply(section).ifPresent(whole -> {
                    below.computeIfAbsent(key, first -> new ArrayList<>()).add(section);
                    result.add(whole);
                });
                section.end();
            } else {
                reading.mistakes.add(Place.of(element), elementPath, "is no section", "write KEY: VALUE after the -");
            }
        }
        return List.copyOf(result);
    }

    /** A list or section that may only be empty until its feature is here. */
    void reserved(String key) {
        Node node = ask(key);
        boolean empty = node == null
                || (node instanceof SequenceNode sequence && sequence.getValue().isEmpty())
                || (node instanceof MappingNode mapping && mapping.getValue().isEmpty())
                || Scalar.isNull(node);
        if (!empty) {
            wrong(
                    key,
                    "is not in this version: "
                            + reading.missing.filled(ruleOf(key)).orElse(key),
                    "take it out");
        }
    }

    private String remedy(String key, Set<String> known) {
        return Optional.ofNullable(path.isEmpty() ? OTHER_WORDS.get(key) : null)
                .orElseGet(() -> Nearest.remedy(key, known, "the keys are " + String.join(", ", asked)));
    }

    /** Refuses the keys that were not asked for. Last call. */
    void end() {
        Set<String> known = new TreeSet<>(asked);
        known.addAll(reading.missing.keysOf(rule));
        for (String key : values.keySet()) {
            if (asked.contains(key)) {
                continue;
            }
            Optional<String> feature = reading.missing.key(ruleOf(key));
            if (feature.isPresent()) {
                wrong(key, "is not in this version: " + feature.get(), "take it out");
            } else {
                wrong(key, "is no key" + (path.isEmpty() ? "" : " of " + path), remedy(key, known));
            }
        }
    }
}
