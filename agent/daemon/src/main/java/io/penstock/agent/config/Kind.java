package io.penstock.agent.config;

import io.penstock.agent.record.ConstantFields;
import io.penstock.agent.record.JsonConstant;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.OneOf;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Requires;
import io.penstock.base.settings.Word;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What stands at a key: how it is read from a section, and how it is printed. */
sealed interface Kind {

    /** The component's value; nothing when it is required and missing or wrong, which is a mistake then. */
    Optional<?> read(Section section, Member member);

    void print(Printer printer, Member member, Object value);

    /** No key: the value is the one of {@code defaults()}. */
    record NoKey() implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            return member.standard();
        }

        @Override
        public void print(Printer printer, Member member, Object value) {}
    }

    /** Keys that stand in the section itself. */
    record Inlined(Class<? extends Record> type) implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            return Declared.of(type).bound(section);
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            Declared.of(type).print(printer, value);
        }
    }

    /** One value. */
    record One(Value<?> value) implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            String key = member.name();
            Optional<?> written = member.key().emptyToo()
                    ? section.optionalOrEmpty(key, value.in(section.environment()))
                    : section.optional(key, value.in(section.environment()));
            if (member.optional()) {
                return Optional.of(written);
            }
            return written.isPresent() ? section.outside(key).or(() -> written) : absent(section, member, key);
        }

        /** Judges what stands there, without a value to come of it. */
        void look(Section section, Member member) {
            Optional<?> unused = section.optional(member.name(), value.in(section.environment()));
        }

        private Optional<?> absent(Section section, Member member, String key) {
            Optional<?> outside = section.outside(key);
            if (outside.isPresent()) {
                return outside;
            }
            if (!member.key().usual().isEmpty()) {
                return section.usual(key, member.key(), value.in(section.environment()));
            }
            Optional<?> standard = member.standard();
            if (standard.isEmpty() && !section.has(key)) {
                section.lacks(key, "is missing", member.key().required());
            }
            return standard;
        }

        @Override
        public void print(Printer printer, Member member, Object held) {
            Optional<?> one = member.optional() ? (Optional<?>) held : Optional.of(held);
            one.ifPresent(present -> printer.line(member.name() + ": " + value.printed(present)));
        }
    }

    /** A list of values; one that stands alone is a list of one. */
    record Several(Value<?> element) implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            Optional<? extends List<?>> written = section.list(member.name(), element.in(section.environment()));
            if (member.optional()) {
                return Optional.of(written);
            }
            String usual = member.key().usual();
            return written.isPresent() || usual.isEmpty()
                    ? Optional.of(written.isPresent() ? written.get() : List.of())
                    : section.usual(member.name(), member.key(), element.in(section.environment()))
                            .map(List::of);
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            Optional<?> all = member.optional() ? (Optional<?>) value : Optional.of(value);
            all.map(List.class::cast)
                    .ifPresent(elements -> printer.line(member.name() + ": " + list((List<?>) elements)));
        }

        private String list(List<?> elements) {
            return elements.stream().map(element::printed).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** A section. */
    record Below(Class<? extends Record> type) implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            if (member.optional() && !section.has(member.name())) {
                section.section(member.name(), absent -> Optional.empty());
                return Optional.of(Optional.empty());
            }
            Optional<?> below =
                    section.section(member.name(), each -> Declared.of(type).bound(each));
            return member.optional() ? Optional.of(below) : below;
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            Optional<?> one = member.optional() ? (Optional<?>) value : Optional.of(value);
            one.ifPresent(present ->
                    printer.section(member.name(), below -> Declared.of(type).print(below, present)));
        }
    }

    /** A section that is one of several, as one of its keys says. */
    record Variants(Class<?> type, Map<String, Class<? extends Record>> types) implements Kind {
        static Variants of(Class<?> sealed) {
            Map<String, Class<? extends Record>> types = new LinkedHashMap<>();
            for (Class<?> each : sealed.getPermittedSubclasses()) {
                Word word = each.getAnnotation(Word.class);
                if (word != null) {
                    types.put(word.value(), each.asSubclass(Record.class));
                }
            }
            return new Variants(sealed, types);
        }

        String which() {
            return type.getAnnotation(OneOf.class).value();
        }

        @Override
        public Optional<?> read(Section section, Member member) {
            return Optional.of(section.section(member.name(), this::one));
        }

        private Optional<Object> one(Section section) {
            Optional<String> word = section.optional(which(), Values.word(List.copyOf(types.keySet())));
            Optional<Object> settings = Optional.empty();
            for (Map.Entry<String, Class<? extends Record>> each : types.entrySet()) {
                Declared one = Declared.of(each.getValue());
                if (word.equals(Optional.of(each.getKey()))) {
                    settings = one.bound(section);
                } else {
                    one.members().forEach(member -> ((One) member.kind()).look(section, member));
                }
            }
            word.ifPresentOrElse(
                    known -> misplaced(section, known), () -> section.undecided(known -> misplaced(section, known)));
            return settings;
        }

        /** What belongs to another would be ignored. */
        private void misplaced(Section section, String word) {
            types.forEach((other, type) -> Declared.of(type).members().forEach(member -> {
                if (!other.equals(word) && section.has(member.name())) {
                    section.wrong(
                            member.name(),
                            "does not belong to " + which() + ": " + word,
                            "write " + which() + ": " + other + ", or take it out");
                }
            }));
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            ((Optional<?>) value)
                    .ifPresent(one -> printer.section(member.name(), below -> {
                        below.line(which() + ": " + word(one));
                        Declared.of(one.getClass().asSubclass(Record.class)).print(below, one);
                    }));
        }

        private static String word(Object one) {
            return one.getClass().getAnnotation(Word.class).value();
        }
    }

    /** A list of sections. */
    record Sections(Class<? extends Record> type) implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            return Optional.of(
                    section.sections(member.name(), each -> Declared.of(type).bound(each)));
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            printer.elements(
                    member.name(),
                    (List<?>) value,
                    (below, each) -> Declared.of(type).print(below, each));
        }
    }

    /** Sections by names that the file gives. */
    record Named(Class<? extends Record> type) implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            Optional<Requires> requires = Optional.ofNullable(member.component().getAnnotation(Requires.class));
            Map<String, Object> result = new LinkedHashMap<>();
            section.named(member.name(), text -> name(member, text), (name, each) -> {
                requires.filter(needed -> !each.has(needed.key()))
                        .ifPresent(needed -> each.lacks(needed.key(), "is missing", needed.remedy()));
                Declared.of(type).bound(each).ifPresent(settings -> result.put(name, settings));
            });
            return Optional.of(result);
        }

        @SuppressWarnings("unchecked")
        private static Parsed<String> name(Member member, String text) {
            Notation<?> names = Value.notation(member.component().getAnnotation(As.class));
            return ((Notation<String>) names).parse(text);
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            Map<?, ?> all = (Map<?, ?>) value;
            if (all.isEmpty()) {
                printer.line(member.name() + ": {}");
                return;
            }
            printer.section(
                    member.name(),
                    names -> all.forEach((name, settings) -> names.section(
                            Printer.quoted(name.toString()),
                            below -> Declared.of(type).print(below, settings))));
        }
    }

    /** Texts by names that the file gives. */
    record Texts() implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            return Optional.of(section.section(member.name(), below -> {
                Map<String, String> texts = new LinkedHashMap<>();
                below.keys()
                        .forEach(name -> below.optional(name, text -> Parsed.right(text))
                                .ifPresent(text -> texts.put(name, text)));
                return texts;
            }));
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            Map<?, ?> all = (Map<?, ?>) value;
            if (all.isEmpty()) {
                printer.line(member.name() + ": {}");
                return;
            }
            printer.section(
                    member.name(),
                    below -> new TreeMap<>(all)
                            .forEach((name, text) -> below.line(
                                    Printer.quoted(name.toString()) + ": " + Printer.quoted(text.toString()))));
        }
    }

    /** JSON values by the names of their fields, in the order of the file. */
    record Constants() implements Kind {
        @Override
        public Optional<?> read(Section section, Member member) {
            return Optional.of(section.section(member.name(), below -> {
                Map<String, JsonConstant> values = new LinkedHashMap<>();
                for (String name : below.keys()) {
                    below.styled(name, JsonConstant::parse).ifPresent(value -> values.put(name, value));
                    if (name.isEmpty() || name.length() > ConstantFields.LONGEST_NAME) {
                        below.wrong(
                                name,
                                "a field's name of " + name.length() + " characters",
                                "write 1 to " + ConstantFields.LONGEST_NAME);
                    }
                }
                return values;
            }));
        }

        @Override
        public void print(Printer printer, Member member, Object value) {
            printer.section(
                    member.name(),
                    below -> ((Map<?, ?>) value).forEach((name, each) -> {
                        JsonConstant constant = (JsonConstant) each;
                        below.line(Printer.quoted(name.toString()) + ": "
                                + (constant.isString() ? Printer.quoted(constant.text()) : constant.text()));
                    }));
        }
    }
}
