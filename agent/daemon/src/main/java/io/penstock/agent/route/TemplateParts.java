package io.penstock.agent.route;

import io.penstock.agent.record.JsonPath;
import io.penstock.base.settings.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads templates: literal text and placeholders in braces. */
final class TemplateParts {
    private static final Pattern NUMBERED = Pattern.compile("([a-z]+)\\(([1-9]\\d{0,3})\\)");

    private final String source;
    private final Set<Placeholder> allowed;

    /** Of events from {@code source}, which can be asked for {@code allowed} only. */
    TemplateParts(Source source, Set<Placeholder> allowed) {
        this.source = source.word();
        this.allowed = allowed;
    }

    Parsed<List<KeyPart>> parse(String text) {
        List<KeyPart> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int literalEnd = open < 0 ? text.length() : open;
            if (literalEnd > at) {
                parts.add(new KeyPart.Literal(text.substring(at, literalEnd)));
            }
            at = literalEnd;
            if (open >= 0) {
                int close = text.indexOf('}', open);
                if (close < 0) {
                    return Parsed.wrong("\"" + text.substring(open) + "\" is not closed", "write a } at its end");
                }
                Parsed<KeyPart> part = part(text.substring(open, close + 1));
                if (part instanceof Parsed.Right<KeyPart> right) {
                    parts.add(right.value());
                } else {
                    return part.then(never -> Parsed.wrong("", ""));
                }
                at = close + 1;
            }
        }
        return Parsed.right(List.copyOf(parts));
    }

    private Parsed<KeyPart> part(String braces) {
        String name = braces.substring(1, braces.length() - 1);
        if (name.startsWith("$")) {
            return field(braces, name);
        }
        Matcher numbered = NUMBERED.matcher(name);
        if (numbered.matches()) {
            Optional<Placeholder> placeholder =
                    Placeholder.named(numbered.group(1)).filter(Placeholder::hasParts);
            if (placeholder.isPresent()) {
                int number = Integer.parseInt(numbered.group(2));
                return allowed(placeholder.get(), new KeyPart.Numbered(placeholder.get(), number, braces));
            }
        }
        return Placeholder.named(name)
                .map(placeholder -> allowed(placeholder, new KeyPart.Whole(placeholder, braces)))
                .orElseGet(() -> Parsed.wrong(braces + " is no placeholder", remedy()));
    }

    private Parsed<KeyPart> field(String braces, String name) {
        List<String> names = List.of(name.substring(Math.min(2, name.length())).split("\\.", -1));
        if (!name.startsWith("$.")
                || names.stream().anyMatch(part -> part.isBlank() || part.matches(".*[\\[\\]'\"].*"))) {
            return Parsed.wrong(braces + " leads to no JSON field", "write names between dots, such as {$.device.id}");
        }
        return allowed(Placeholder.FIELD, new KeyPart.Field(new JsonPath(names), braces));
    }

    private Parsed<KeyPart> allowed(Placeholder placeholder, KeyPart part) {
        return allowed.contains(placeholder)
                ? Parsed.right(part)
                : Parsed.wrong(part + " is unknown to events from " + source, remedy());
    }

    private String remedy() {
        return "those of " + source + " are "
                + allowed.stream().map(Placeholder::examples).collect(Collectors.joining(", "));
    }
}
