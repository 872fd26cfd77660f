package io.penstock.agent.config;

import io.penstock.base.settings.OneOf;

/** The rows of the table of keys in docs/configuration.md. */
final class KeyTable {
    private final StringBuilder rows = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
    private final boolean routes;

    private KeyTable(boolean routes) {
        this.routes = routes;
    }

    /** @param routes the keys of a route, else all the others */
    static String of(boolean routes) {
        KeyTable table = new KeyTable(routes);
        table.section(Declared.of(Configuration.class), "", "", true);
        return table.rows.toString();
    }

    /**
     * @param before each meaning
     * @param always whether the section is in effect when it is left out: else its defaults hold beside another key
     */
    private void section(Declared declared, String path, String before, boolean always) {
        for (Member member : declared.members()) {
            Kind kind = member.kind();
            if (kind instanceof Kind.Inlined inlined) {
                section(Declared.of(inlined.type()), path, before, always);
            } else if (!(kind instanceof Kind.NoKey) && !KeyText.later(path + member.name())) {
                member(member, path + member.name(), before, always);
            }
        }
    }

    private void member(Member member, String key, String before, boolean always) {
        boolean value = member.kind() instanceof Kind.One;
        String usual = always || !value
                ? ""
                : KeyText.usual(member)
                        .map(text -> "; left out: `" + KeyText.yaml(text) + "`")
                        .orElse("");
        boolean column = always || usual.isEmpty() && value;
        row(key, column ? standard(member) : "", before + KeyText.doc(member) + usual);
        Kind kind = member.kind();
        if (kind instanceof Kind.Below below) {
            section(Declared.of(below.type()), key + ".", "", always && !member.optional());
        } else if (kind instanceof Kind.Sections sections) {
            section(Declared.of(sections.type()), key + "[].", "", key.equals("routes"));
        } else if (kind instanceof Kind.Variants variants) {
            row(
                    key + "." + variants.which(),
                    "",
                    variants.type().getAnnotation(OneOf.class).doc());
            variants.types()
                    .forEach((word, type) -> section(Declared.of(type), key + ".", "of `" + word + "`: ", false));
        }
    }

    private void row(String key, String standard, String meaning) {
        if (key.startsWith("routes[].") == routes) {
            String column = standard.isEmpty() ? "" : standard + " ";
            rows.append("| `" + key + "` | " + column + "| " + meaning.replace("|", "\\|") + " |\n");
        }
    }

    private static String standard(Member member) {
        Kind kind = member.kind();
        if (kind instanceof Kind.Named) {
            return "`{}`";
        }
        if (kind instanceof Kind.Sections) {
            return "`[]`";
        }
        if (kind instanceof Kind.Several && !member.optional()) {
            return "`[" + KeyText.usual(member).map(text -> "\"" + text + "\"").orElse("") + "]`";
        }
        if (kind instanceof Kind.One && !member.optional()) {
            return KeyText.usual(member)
                    .map(text -> "`" + KeyText.yaml(text) + "`")
                    .orElse("required");
        }
        return "";
    }
}
