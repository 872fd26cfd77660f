package io.penstock.agent.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The bytes of a file as a tree of YAML nodes that know where they stand. At most {@value #MAX_BYTES} bytes,
 * {@value #MAX_DEPTH} levels and {@value #MAX_ALIASES} aliases of lists and sections; nothing is ever constructed
 * from a tag.
 */
final class YamlDocument {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 32;
    static final int MAX_ALIASES = 50;

    private static final String REMEDY = "mend the YAML there: indentation by blanks, quotes closed, one document";

    private YamlDocument() {}

    /** The root section; nothing when a mistake was added. A file without content is an empty section. */
    static Optional<MappingNode> parse(byte[] bytes, Reading reading) {
        Mistakes mistakes = reading.mistakes;
        if (bytes.length > MAX_BYTES) {
            mistakes.add(
                    Place.NOWHERE, "", "the file has more than " + MAX_BYTES + " bytes", "name a configuration file");
            return Optional.empty();
        }
        return decode(bytes, mistakes).flatMap(text -> {
            reading.lines = text.split("\\R", -1);
            return compose(text, reading);
        });
    }

    private static Optional<String> decode(byte[] bytes, Mistakes mistakes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            String before = new String(bytes, 0, in.position(), StandardCharsets.UTF_8);
            mistakes.add(placeAt(before, before.length()), "", "the file is no valid UTF-8", "save it as UTF-8");
            return Optional.empty();
        }
    }

    private static Optional<MappingNode> compose(String text, Reading reading) {
        Mistakes mistakes = reading.mistakes;
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        Node root;
        try {
            root = new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options)
                    .getSingleNode();
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            Place place = mark == null ? Place.NOWHERE : Place.of(mark);
            Optional<String> trap = mark == null
                    ? Optional.empty()
                    : YamlTraps.invalid(reading.line(place.line()), charAt(reading, e.getContextMark(), mark));
            mistakes.add(place, "", "no valid YAML: " + oneLine(e.getProblem()), trap.orElse(REMEDY));
            return Optional.empty();
        } catch (ReaderException e) {
            mistakes.add(
                    placeAt(text, e.getPosition()),
                    "",
                    String.format("no valid YAML: the character U+%04X may not stand in a file", e.getCodePoint()),
                    "take it out");
            return Optional.empty();
        } catch (YAMLException e) {
            mistakes.add(Place.NOWHERE, "", "no valid YAML: " + oneLine(e.getMessage()), REMEDY);
            return Optional.empty();
        }
        if (root == null || (root.getTag().equals(Tag.NULL) && text.isBlank())) {
            return Optional.of(empty());
        }
        if (root instanceof MappingNode mapping) {
            return Optional.of(mapping);
        }
        if (root.getTag().equals(Tag.NULL)) {
            return Optional.of(empty());
        }
        mistakes.add(Place.of(root), "", "the file holds no keys", "write KEY: VALUE, such as data: /var/lib/penstock");
        return Optional.empty();
    }

    /** What the scanner stumbled over: an alias or anchor begins at the mark of its context. */
    private static char charAt(Reading reading, @Nullable Mark context, Mark problem) {
        char at = charAt(reading, problem);
        char before = context == null ? 0 : charAt(reading, context);
        return before == '*' || before == '&' || before == '!' ? before : at;
    }

    private static char charAt(Reading reading, Mark mark) {
        String line = reading.line(mark.getLine() + 1);
        return mark.getColumn() < line.length() ? line.charAt(mark.getColumn()) : 0;
    }

    static MappingNode empty() {
        return new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
    }

    private static String oneLine(@Nullable String problem) {
        return problem == null
                ? "it ends unexpectedly"
                : problem.replaceAll("\\s+", " ").strip();
    }

    private static Place placeAt(String text, int position) {
        int line = 1;
        int lineStart = 0;
        int end = Math.min(position, text.length());
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Place(line, end - lineStart + 1);
    }
}
