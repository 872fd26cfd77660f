package io.penstock.agent.config;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Lines of YAML while settings are printed. */
@OwnedBy(ThreadRole.HOLDER)
final class Printer {
    static final String SECRET = quoted("(secret)");
    private static final String INDENT = "  ";

    private final List<String> lines = new ArrayList<>();

    void line(String line) {
        lines.add(line);
    }

    /** What {@code keys} prints, under {@code name}; nothing when it prints nothing. */
    void section(String name, Consumer<Printer> keys) {
        Printer below = new Printer();
        keys.accept(below);
        if (!below.lines.isEmpty()) {
            line(name + ":");
            below.lines.forEach(line -> line(INDENT + line));
        }
    }

    /** A list of sections, each as {@code keys} prints it. */
    <T> void elements(String name, List<T> elements, BiConsumer<Printer, T> keys) {
        line(name + (elements.isEmpty() ? ": []" : ":"));
        for (T element : elements) {
            Printer below = new Printer();
            keys.accept(below, element);
            String start = INDENT + "- ";
            for (String line : below.lines) {
                line(start + line);
                start = INDENT + INDENT;
            }
        }
    }

    /** All lines in one; sections in braces. */
    String oneLine() {
        StringBuilder line = new StringBuilder();
        int depth = 0;
        for (String each : lines) {
            String text = each.stripLeading();
            int indent = (each.length() - text.length()) / INDENT.length();
            if (indent > depth) {
                line.append(" {".repeat(indent - depth));
            } else {
                line.append("}".repeat(depth - indent)).append(line.isEmpty() ? "" : ",");
            }
            line.append(line.isEmpty() ? "" : " ").append(text);
            depth = indent;
        }
        return line.append("}".repeat(depth)).toString().replace("{ ", "{");
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** As it is, where YAML cannot take it for anything else; else {@link #quoted}. */
    static String simple(String value) {
        return value.matches("[A-Za-z0-9][A-Za-z0-9.-]*") && !value.equalsIgnoreCase("null") ? value : quoted(value);
    }

    /** Double quotes, in which YAML reads what JSON writes; and no reference to a variable that was none. */
    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        String escaped = Substitution.escape(value);
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7E) {
                quoted.append(String.format("\\u%04X", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
