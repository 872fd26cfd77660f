package io.penstock.agent.config;

import io.penstock.agent.reload.Change;
import io.penstock.base.settings.OneOf;
import io.penstock.base.settings.Reload;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose values differ between two configurations, in the order of the file. Sections are compared key by key.
 * Lists of sections are compared without the elements that both have at the beginning and at the end, so that an element
 * put in between is one change. Secrets are compared and never shown.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class Differences {
    private final List<Change> changes = new ArrayList<>();

    private Differences() {}

    /** What a key's path is made of while the settings are walked. */
    private record Path(String key, String rule, Reload effect) {
        static final Path ROOT = new Path("", "", Reload.RESTART);

        Path below(Member member) {
            String dot = key.isEmpty() ? "" : ".";
            return new Path(
                    key + dot + member.name(),
                    rule + dot + member.name(),
                    effect == Reload.HOT ? effect : member.reload());
        }

        Path inlined(Member member) {
            return new Path(key, rule, effect == Reload.HOT ? effect : member.reload());
        }

        Path element(int index) {
            return new Path(key + "[" + index + "]", rule + "[]", effect);
        }

        Path named(String name) {
            return new Path(key + "." + name, rule + ".*", effect);
        }
    }

    /** All of them; none if the configurations are equal. */
    public static List<Change> between(Configuration before, Configuration after) {
        Differences all = new Differences();
        all.settings(Path.ROOT, Declared.of(Configuration.class), before, after);
        return List.copyOf(all.changes);
    }

    private void settings(Path path, Declared declared, @Nullable Object before, @Nullable Object after) {
        for (Member member : declared.members()) {
            member(path, member, before == null ? null : member.of(before), after == null ? null : member.of(after));
        }
    }

    private void member(Path path, Member member, @Nullable Object before, @Nullable Object after) {
        Object was = present(before);
        Object is = present(after);
        if (member.kind() instanceof Kind.NoKey || (was == null ? is == null : was.equals(is))) {
            return;
        }
        if (member.kind() instanceof Kind.Inlined inlined) {
            settings(path.inlined(member), Declared.of(inlined.type()), was, is);
            return;
        }
        Path key = path.below(member);
        if (member.kind() instanceof Kind.Below below) {
            settings(key, Declared.of(below.type()), was, is);
        } else if (member.kind() instanceof Kind.Sections sections) {
            elements(key, Declared.of(sections.type()), list(was), list(is));
        } else if (member.kind() instanceof Kind.Named named) {
            byName(key, Declared.of(named.type()), map(was), map(is));
        } else if (member.type().isAnnotationPresent(OneOf.class)
                && was != null
                && is != null
                && was.getClass() == is.getClass()) {
            settings(key, Declared.of(was.getClass().asSubclass(Record.class)), was, is);
        } else {
            change(key, text(member, before, was), text(member, after, is));
        }
    }

    private void change(Path path, String before, String after) {
        if (!before.equals(after) || before.contains(Change.SECRET)) {
            changes.add(new Change(path.key(), path.rule(), before, after, path.effect()));
        }
    }

    private void elements(Path path, Declared declared, List<?> before, List<?> after) {
        int start = 0;
        int shorter = Math.min(before.size(), after.size());
        while (start < shorter && before.get(start).equals(after.get(start))) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
            end++;
        }
        int gone = before.size() - start - end;
        int come = after.size() - start - end;
        if (gone == come) {
            for (int i = start; i < start + gone; i++) {
                settings(path.element(i), declared, before.get(i), after.get(i));
            }
            return;
        }
        for (int i = start; i < start + gone; i++) {
            change(path.element(i), section(declared, before.get(i)), Change.NONE);
        }
        for (int i = start; i < start + come; i++) {
            change(path.element(i), Change.NONE, section(declared, after.get(i)));
        }
    }

    private void byName(Path path, Declared declared, Map<?, ?> before, Map<?, ?> after) {
        Set<Object> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (Object name : names) {
            Object was = before.get(name);
            Object is = after.get(name);
            Path key = path.named(name.toString());
            if (was == null || is == null) {
                change(key, section(declared, was), section(declared, is));
            } else {
                settings(key, declared, was, is);
            }
        }
    }

    private static @Nullable Object present(@Nullable Object value) {
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : new LinkedHashMap<>();
    }

    private static String section(Declared declared, @Nullable Object settings) {
        if (settings == null) {
            return Change.NONE;
        }
        Printer printer = new Printer();
        declared.print(printer, settings);
        return printer.oneLine();
    }

    /** As it is printed, without the key. */
    private static String text(Member member, @Nullable Object held, @Nullable Object value) {
        if (held == null || value == null) {
            return Change.NONE;
        }
        Printer printer = new Printer();
        member.kind().print(printer, member, held);
        String line = printer.oneLine();
        String name = member.name() + ": ";
        return line.startsWith(name) ? line.substring(name.length()) : line.isEmpty() ? Change.NONE : line;
    }
}
