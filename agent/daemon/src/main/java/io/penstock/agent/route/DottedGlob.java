package io.penstock.agent.route;

import io.penstock.base.settings.Parsed;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern over a name of parts between dots, as Fluentd's match has them: {@code *} is any text within one part,
 * {@code **} as a part of its own any number of parts, also none, {@code {a,b}} either of the alternatives.
 *
 * <p>Braces are written out when it is read, to at most {@value #MOST} alternatives. Matching one takes at most the
 * product of both lengths, whatever the name: a wildcard is only ever taken back to the last one.
 */
final class DottedGlob {
    static final int MOST = 64;
    private static final String ANY_PARTS = "**";

    private final String text;
    private final List<List<String>> alternatives;

    private DottedGlob(String text, List<List<String>> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    static Parsed<DottedGlob> parse(String text, String what) {
        String quoted = "\"" + text + "\"";
        if (text.isEmpty() || text.length() > 1024) {
            return Parsed.wrong(
                    "a " + what + " pattern of " + text.length() + " characters", "write one such as app.**");
        }
        List<String> expanded = new ArrayList<>();
        if (!expand("", text, expanded)) {
            return Parsed.wrong(
                    quoted + " has braces that do not match, or stands for more than " + MOST + " alternatives",
                    "write {a,b}, or several routes");
        }
        List<List<String>> alternatives = new ArrayList<>();
        for (String alternative : expanded) {
            List<String> parts = parts(alternative);
            for (String part : parts) {
                if (part.contains(ANY_PARTS) && !part.equals(ANY_PARTS)) {
                    return Parsed.wrong(quoted + " has a ** beside other characters", "** stands alone: app.**");
                }
            }
            alternatives.add(parts);
        }
        return Parsed.right(new DottedGlob(text, List.copyOf(alternatives)));
    }

    /** Writes the first braces of {@code rest} out, and what follows them in turn. */
    private static boolean expand(String done, String rest, List<String> into) {
        int open = rest.indexOf('{');
        int close = rest.indexOf('}');
        if (open < 0) {
            into.add(done + rest);
            return close < 0 && into.size() <= MOST;
        }
        if (close >= 0 && close < open) {
            return false;
        }
        int depth = 0;
        List<Integer> cuts = new ArrayList<>(List.of(open));
        for (int i = open; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == ',' && depth == 1) {
                cuts.add(i);
            } else if (c == '}' && --depth == 0) {
                cuts.add(i);
                for (int cut = 0; cut < cuts.size() - 1; cut++) {
                    String choice = rest.substring(cuts.get(cut) + 1, cuts.get(cut + 1));
                    if (!expand(done + rest.substring(0, open), choice + rest.substring(i + 1), into)) {
                        return false;
                    }
                }
                return true;
            }
        }
        return false;
    }

    private static List<String> parts(String name) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
            parts.add(name.substring(from, dot));
            from = dot + 1;
        }
        parts.add(name.substring(from));
        return parts;
    }

    boolean matches(String name) {
        List<String> parts = parts(name);
        for (List<String> alternative : alternatives) {
            if (matches(alternative, parts, false)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it matches every name that {@code other} matches; it may say no where both have braces. */
    boolean covers(DottedGlob other) {
        return other.alternatives.stream()
                .allMatch(theirs -> alternatives.stream().anyMatch(mine -> matches(mine, theirs, true)));
    }

    /** @param ofPattern the name is a pattern itself, whose {@code **} only another {@code **} takes */
    private static boolean matches(List<String> pattern, List<String> name, boolean ofPattern) {
        int p = 0;
        int n = 0;
        int lastAny = -1;
        int takenTo = 0;
        while (n < name.size()) {
            if (p < pattern.size() && pattern.get(p).equals(ANY_PARTS)) {
                lastAny = p++;
                takenTo = n;
            } else if (p < pattern.size()
                    && !(ofPattern && name.get(n).equals(ANY_PARTS))
                    && Stars.match(pattern.get(p), name.get(n))) {
                p++;
                n++;
            } else if (lastAny >= 0) {
                p = lastAny + 1;
                n = ++takenTo;
            } else {
                return false;
            }
        }
        while (p < pattern.size() && pattern.get(p).equals(ANY_PARTS)) {
            p++;
        }
        return p == pattern.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DottedGlob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
