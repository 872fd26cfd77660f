package io.penstock.agent.route;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the name of an event's stream is made: a name, or literal text and placeholders. What it yields is never changed:
 * it is a stream name that the route allows, or the event is {@link Unroutable}. Immutable; any thread.
 * {@link #toString} gives it back as it was written.
 */
public final class StreamTemplate {
    private static final int LONGEST = 1024;

    /** More than a name may have, so that what is too long shows as such; the rest of it is not looked at. */
    private static final int KEPT = 512;

    private static final int QUOTED = 64;
    private static final String NAMES = "a stream's name has 1 to 128 letters, digits, underscores, dots and hyphens";

    private final String text;
    private final List<KeyPart> parts;
    private final List<NamePattern> allowed;

    /** The template with a star for each placeholder. */
    private final String shape;

    private StreamTemplate(String text, List<KeyPart> parts, List<NamePattern> allowed) {
        this.text = text;
        this.parts = parts;
        this.allowed = allowed;
        this.shape = parts.stream()
                .map(part -> part instanceof KeyPart.Literal literal ? literal.text() : "*")
                .collect(Collectors.joining());
    }

    /** The stream {@code name} whatever the event. */
    public static StreamTemplate of(String name) {
        return new StreamTemplate(name, List.of(new KeyPart.Literal(name)), List.of());
    }

    /** Reads a name or template for events of {@code source}, which must know every placeholder in it. */
    static Parsed<StreamTemplate> parse(String text, Source source, List<NamePattern> allowed) {
        if (!isTemplate(text)) {
            return StreamName.parse(text).then(name -> Parsed.right(of(name)));
        }
        if (text.length() > LONGEST) {
            return Parsed.wrong("a template of " + text.length() + " characters", "write one of at most " + LONGEST);
        }
        if (text.contains("{$")) {
            return Parsed.wrong(
                    "a stream's name cannot be made of a JSON field, because the stream is chosen first",
                    "take one of " + known(source));
        }
        return new TemplateParts(source, placeholders(source))
                .parse(text)
                .then(parts -> judged(new StreamTemplate(text, parts, List.copyOf(allowed))));
    }

    private static boolean isTemplate(String text) {
        return text.contains("{") || text.contains("}");
    }

    private static Set<Placeholder> placeholders(Source source) {
        Set<Placeholder> placeholders = EnumSet.copyOf(source.placeholders());
        placeholders.remove(Placeholder.FIELD);
        // A call names one stream for all of its records.
        placeholders.remove(Placeholder.KEY);
        return placeholders;
    }

    private static String known(Source source) {
        return placeholders(source).stream().map(Placeholder::examples).collect(Collectors.joining(", "));
    }

    private static Parsed<StreamTemplate> judged(StreamTemplate template) {
        int literal = 0;
        for (KeyPart part : template.parts) {
            if (part instanceof KeyPart.Literal fixed) {
                literal += fixed.text().length();
                if (!StreamName.valid(fixed.text()) && fixed.text().length() <= StreamName.LONGEST) {
                    return Parsed.wrong("\"" + fixed.text() + "\" can be in no stream's name", NAMES);
                }
            }
        }
        if (literal >= StreamName.LONGEST) {
            return Parsed.wrong("a name of more than " + StreamName.LONGEST + " characters would come of it", NAMES);
        }
        String beginning = template.parts.get(0) instanceof KeyPart.Literal first ? first.text() : "";
        boolean never = !template.allowed.isEmpty()
                && template.allowed.stream()
                        .map(NamePattern::beginning)
                        .noneMatch(start -> start.startsWith(beginning) || beginning.startsWith(start));
        return never
                ? Parsed.wrong(
                        "\"" + template.text + "\" can yield none of the names under allow-streams",
                        "let both begin alike")
                : Parsed.right(template);
    }

    /** A template before the source is known whose events it is for. */
    static final class Unjudged implements Notation<StreamTemplate> {
        @Override
        public Parsed<StreamTemplate> parse(String text) {
            return isTemplate(text)
                    ? Parsed.right(new StreamTemplate(text, List.of(), List.of()))
                    : StreamName.parse(text).then(name -> Parsed.right(of(name)));
        }

        @Override
        public String pattern() {
            return "([a-zA-Z0-9_.-]|\\{[a-z]+(\\([1-9][0-9]{0,3}\\))?\\}){1,128}";
        }
    }

    /** Whether it is one name for all events. */
    public boolean fixed() {
        return parts.size() == 1 && parts.get(0) instanceof KeyPart.Literal;
    }

    /** The one name; asked only where it is {@link #fixed}. */
    public String name() {
        return text;
    }

    /** Whether it asks only for what the patterns of {@code source} are matched against. */
    boolean followsName(Source source) {
        return parts.stream()
                .allMatch(part -> part instanceof KeyPart.Literal
                        || part instanceof KeyPart.Whole whole && source.isName(whole.placeholder())
                        || part instanceof KeyPart.Numbered numbered && source.isName(numbered.placeholder()));
    }

    /** Whether some event could lead to the stream {@code name}. */
    public boolean couldYield(String name) {
        return Stars.match(shape, name) && allows(name);
    }

    private boolean allows(String name) {
        return allowed.isEmpty() || allowed.stream().anyMatch(pattern -> pattern.matches(name));
    }

    /** What is made of {@code event}, valid or not; or the placeholder that the event has nothing for. */
    Made make(KeyFields event) {
        GrowingBytes made = new GrowingBytes(128, KEPT);
        for (KeyPart part : parts) {
            if (!part.append(event, made)) {
                return new Made(part.toString(), true);
            }
        }
        return new Made(new String(made.array(), 0, made.length(), StandardCharsets.UTF_8), false);
    }

    /** @param text the name; or, when {@code lacking}, what the event lacks */
    record Made(String text, boolean lacking) {}

    /** Why {@code made} leads to no stream; empty when it does. */
    Optional<Unroutable> objection(Made made) {
        String quoted = "\"" + excerpt(made.text()) + "\"";
        if (made.lacking()) {
            return unroutable(
                    "the event has no " + made.text() + ", of which its route makes the stream's name",
                    "send it with one, or route it to a stream with a fixed name");
        }
        if (!StreamName.valid(made.text())) {
            return unroutable(quoted + ", which its route " + text + " makes, is no stream name", NAMES);
        }
        if (!allows(made.text())) {
            return unroutable(
                    "its route " + text + " may not lead to the stream " + quoted,
                    "allow-streams of the route permits "
                            + allowed.stream().map(NamePattern::text).collect(Collectors.joining(", ")));
        }
        return Optional.empty();
    }

    private static Optional<Unroutable> unroutable(String reason, String remedy) {
        return Optional.of(new Unroutable(reason, remedy));
    }

    /** Of a client's own words: short, and without anything that could be mistaken in a log. */
    private static String excerpt(String name) {
        StringBuilder visible = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), QUOTED); i++) {
            char c = name.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                visible.append(c);
            } else {
                visible.append(String.format("\\u%04X", (int) c));
            }
        }
        return name.length() > QUOTED ? visible + "…" : visible.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamTemplate template
                && template.text.equals(text)
                && template.allowed.equals(allowed);
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
