package io.penstock.agent.config;

import io.penstock.base.settings.Only;
import java.util.Set;
import java.util.TreeSet;

/** The keys that the settings records declare, by path with {@code []} for any element of a list. */
final class Vocabulary {
    private final Set<String> keys = new TreeSet<>();

    private Vocabulary() {}

    /** Every key; of the named targets only that there are some: their keys are those of {@code kinesis}. */
    static Set<String> all() {
        Vocabulary vocabulary = new Vocabulary();
        vocabulary.add(Declared.of(Configuration.class), "");
        return vocabulary.keys;
    }

    private void add(Declared declared, String path) {
        for (Only only : declared.type().getAnnotationsByType(Only.class)) {
            keys.add(path + only.key());
        }
        for (Member member : declared.members()) {
            add(member, path);
        }
    }

    private void add(Member member, String path) {
        Kind kind = member.kind();
        if (kind instanceof Kind.Inlined inlined) {
            add(Declared.of(inlined.type()), path);
            return;
        }
        if (kind instanceof Kind.NoKey) {
            return;
        }
        String key = path + member.name();
        keys.add(key);
        if (kind instanceof Kind.Below below) {
            add(Declared.of(below.type()), key + ".");
        } else if (kind instanceof Kind.Sections sections) {
            add(Declared.of(sections.type()), key + "[].");
        } else if (kind instanceof Kind.Variants variants) {
            keys.add(key + "." + variants.which());
            variants.types().values().forEach(type -> add(Declared.of(type), key + "."));
        }
    }
}
