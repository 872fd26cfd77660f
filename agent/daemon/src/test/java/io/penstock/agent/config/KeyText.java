package io.penstock.agent.config;

import io.penstock.base.settings.Doc;
import java.util.Optional;

/** What the generated documents say of a declared key. */
final class KeyText {
    private KeyText() {}

    /** Its meaning in Markdown. */
    static String doc(Member member) {
        Doc doc = member.component().getAnnotation(Doc.class);
        if (doc == null) {
            throw new AssertionError("a key without @Doc: " + member.component());
        }
        return doc.value();
    }

    /** The same as a plain sentence. */
    static String sentence(Member member) {
        String plain = doc(member)
                .replaceAll("\\[([^\\]]*)]\\(([^)#]*)[^)]*\\)", "$1 (docs/$2)")
                .replace("`", "");
        boolean value = doc(member).startsWith("`");
        return (value ? plain : Character.toUpperCase(plain.charAt(0)) + plain.substring(1))
                + (plain.endsWith(".") ? "" : ".");
    }

    /** The default of a single value or a list of one, as it is written; empty where the key has none. */
    static Optional<String> usual(Member member) {
        if (member.optional()) {
            return Optional.empty();
        }
        if (!member.key().usual().isEmpty()) {
            return Optional.of(member.key().usual());
        }
        return member.kind() instanceof Kind.One one ? member.standard().map(one.value()::printed) : Optional.empty();
    }

    /** Whether the section is one of a source that is not in this version. */
    static boolean later(String path) {
        return NotInThisVersion.TABLE.filled(path + ".listen").isPresent();
    }

    /** {@code text} as YAML takes it for a text, or as it is where it cannot be taken for anything else. */
    static String yaml(String text) {
        return text.matches("[A-Za-z0-9/~][A-Za-z0-9/.-]*%?")
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
