package io.penstock.agent.config;

import io.penstock.base.settings.Only;
import io.penstock.base.settings.Requires;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The reference configuration: every key with its meaning and the value that holds when the key is left out; keys
 * without one stand in comments, with an example. A line that begins with {@code #} and two blanks, or {@code
 * #routes:}, is such a key.
 */
final class ReferenceFile {
    private static final int WIDTH = 120;
    private static final String HEAD = """
            # yaml-language-server: $schema=penstock.schema.json
            #
            # Penstock's configuration: every key, with the value that holds when the key is left out; only data and
            # kinesis.endpoint differ. `penstock check --config FILE` names every mistake in a file,
            # `penstock check --print` shows what is in effect. Made by config/regenerate.
            #
            # An unknown key is an error. Any value can refer to an environment variable: ${NAME}, or ${NAME:-default} for one
            # that may be missing; $${ stands for the two characters themselves. Sizes are bytes, or end in KiB, MiB, GiB, TiB;
            # durations end in ms, s, m, h or d. Addresses are HOST:PORT or [IPv6]:PORT; port 0 is any free one. Relative paths
            # go by the folder of this file.
            """;

    private final List<String> lines = new ArrayList<>();

    /** Whether a blank line stands before each key of the first level. */
    private final boolean spaced;

    private ReferenceFile(boolean spaced) {
        this.spaced = spaced;
    }

    static String text() {
        ReferenceFile file = new ReferenceFile(true);
        file.section(Declared.of(Configuration.class), "", 0, false, false);
        return HEAD + String.join("\n", file.lines) + "\n";
    }

    /**
     * The keys of a section.
     *
     * @param commented whether they stand in comments
     * @param brief whether keys without a value are left out, because they are shown elsewhere
     */
    private void section(Declared declared, String path, int depth, boolean commented, boolean brief) {
        Optional<Class<?>> named = declared.members().stream()
                .map(Member::kind)
                .filter(Kind.Named.class::isInstance)
                .<Class<?>>map(kind -> ((Kind.Named) kind).type())
                .findFirst();
        for (Member member : declared.members()) {
            if (member.kind() instanceof Kind.Inlined inlined) {
                section(Declared.of(inlined.type()), path, depth, commented, brief);
            } else if (!(member.kind() instanceof Kind.NoKey) && !KeyText.later(path + member.name())) {
                boolean elsewhere =
                        member.kind() instanceof Kind.Below below && named.equals(Optional.of(below.type()));
                member(member, path, depth, commented, brief || elsewhere);
            }
        }
        for (Only only : declared.type().getAnnotationsByType(Only.class)) {
            if (!only.value().equals("[]")) {
                lines.add("  ".repeat(depth) + "# Other values are not in this version.");
                line(depth, commented, only.key() + ": " + only.value());
            }
        }
    }

    private void member(Member member, String path, int depth, boolean commented, boolean brief) {
        Kind kind = member.kind();
        String name = member.name();
        if (kind instanceof Kind.One || kind instanceof Kind.Several) {
            value(member, depth, commented, brief);
        } else if (kind instanceof Kind.Below below) {
            ReferenceFile keys = new ReferenceFile(false);
            boolean inComment = commented || member.optional();
            keys.section(Declared.of(below.type()), path + name + ".", depth + 1, inComment, brief);
            boolean shown = !brief || !member.optional() && !keys.lines.isEmpty();
            if (shown) {
                comment(member, depth);
                line(depth, inComment, name + ":");
                lines.addAll(keys.lines);
            }
        } else if (kind instanceof Kind.Texts || kind instanceof Kind.Constants) {
            comment(member, depth);
            line(depth, commented, name + ": {}");
        } else if (kind instanceof Kind.Variants variants && !brief) {
            comment(member, depth);
            variant(variants, 0, name, depth);
        } else if (kind instanceof Kind.Sections sections) {
            comment(member, depth);
            line(depth, true, name + ":");
            element(depth + 1, keys -> keys.section(Declared.of(sections.type()), path + name + "[].", 0, true, false));
            if (!member.key().example().isEmpty()) {
                line(depth + 1, true, "- " + member.key().example());
            }
        } else if (kind instanceof Kind.Named targets) {
            comment(member, depth);
            line(depth, commented, name + ":");
            named(member, targets, depth + 1);
        }
    }

    private void value(Member member, int depth, boolean commented, boolean brief) {
        Optional<String> usual = KeyText.usual(member);
        String example = member.key().example();
        boolean list = member.kind() instanceof Kind.Several;
        boolean inComment = commented || (list ? member.optional() : usual.isEmpty());
        String value = example.isEmpty() ? usual.orElse("") : example;
        if (value.isEmpty() && (!list || member.optional()) || inComment && !commented && brief) {
            return;
        }
        boolean shownExample = inComment || !list;
        String text = shownExample ? value : usual.orElse("");
        String yaml = text.isBlank() ? "" : " " + KeyText.yaml(text);
        comment(member, depth);
        line(depth, inComment, member.name() + ":" + (list ? " [" + yaml.strip() + "]" : yaml));
    }

    private void variant(Kind.Variants variants, int index, String name, int depth) {
        List<Map.Entry<String, Class<? extends Record>>> withKeys = variants.types().entrySet().stream()
                .filter(each -> each.getValue().getRecordComponents().length > 0)
                .toList();
        line(depth, true, name + ":");
        line(depth + 1, true, variants.which() + ": " + withKeys.get(index).getKey());
        section(Declared.of(withKeys.get(index).getValue()), name + ".", depth + 1, true, false);
    }

    /** A section with every key, and one more for each further variant that a key has. */
    private void named(Member member, Kind.Named targets, int depth) {
        Requires requires = member.component().getAnnotation(Requires.class);
        Declared declared = Declared.of(targets.type());
        line(depth, true, member.key().example() + ":");
        ReferenceFile keys = new ReferenceFile(false);
        keys.section(declared, member.name() + ".", depth + 1, true, false);
        for (String line : keys.lines) {
            boolean needed = line.strip().equals("#" + "  ".repeat(depth + 1) + requires.key() + ":");
            lines.add(needed ? line + " " + KeyText.yaml(requires.example()) : line);
        }
        further(declared).ifPresent(variants -> {
            Kind.Variants kind = (Kind.Variants) variants.kind();
            List<String> words = kind.types().entrySet().stream()
                    .filter(each -> each.getValue().getRecordComponents().length > 0)
                    .map(Map.Entry::getKey)
                    .toList();
            for (int i = 1; i < words.size(); i++) {
                line(depth, true, words.get(i) + ":");
                line(depth + 1, true, requires.key() + ": " + KeyText.yaml(requires.example()));
                variant(kind, i, variants.name(), depth + 1);
            }
        });
    }

    private static Optional<Member> further(Declared declared) {
        for (Member member : declared.members()) {
            if (member.kind() instanceof Kind.Variants) {
                return Optional.of(member);
            }
            if (member.kind() instanceof Kind.Inlined inlined) {
                Optional<Member> below = further(Declared.of(inlined.type()));
                if (below.isPresent()) {
                    return below;
                }
            }
        }
        return Optional.empty();
    }

    /** An element of a list in a comment: a dash before its first key. */
    private void element(int depth, Consumer<ReferenceFile> keys) {
        ReferenceFile element = new ReferenceFile(false);
        keys.accept(element);
        boolean first = true;
        for (String line : element.lines) {
            boolean key = line.startsWith("#") && !line.startsWith("# ") || line.startsWith("#  ");
            String indent = "  ".repeat(depth);
            if (!key) {
                lines.add(indent + "  " + line);
            } else {
                String text = line.substring(1);
                lines.add("#" + indent + (first ? "- " : "  ") + text);
                first = false;
            }
        }
    }

    private void comment(Member member, int depth) {
        if (spaced && depth == 0) {
            lines.add("");
        }
        String start = "  ".repeat(depth) + "# ";
        StringBuilder line = new StringBuilder(start);
        for (String word : KeyText.sentence(member).split(" ")) {
            if (line.length() > start.length() && line.length() + word.length() + 1 > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(start);
            }
            line.append(line.length() > start.length() ? " " : "").append(word);
        }
        lines.add(line.toString());
    }

    private void line(int depth, boolean commented, String text) {
        lines.add((commented ? "#" : "") + "  ".repeat(depth) + text);
    }
}
