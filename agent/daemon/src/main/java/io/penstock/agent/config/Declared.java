package io.penstock.agent.config;

import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Only;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The keys that a settings record declares, in their order, and the one way to read and to print it. Immutable. */
record Declared(Class<? extends Record> type, List<Member> members) {

    static Declared of(Class<? extends Record> type) {
        List<Member> members = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            members.add(Member.of(type, component));
        }
        return new Declared(type, List.copyOf(members));
    }

    /**
     * The settings that stand in {@code section}. A key that is required and missing or wrong is a mistake, and has its
     * example's value here, so that the rules for several keys find the other mistakes; nothing when it has no example.
     */
    static <R extends Record> Optional<R> read(Class<R> type, Section section) {
        return of(type).bound(section).map(type::cast);
    }

    Optional<Object> bound(Section section) {
        List<Object> values = new ArrayList<>();
        for (Member member : members) {
            Optional<?> value = member.kind().read(section, member);
            (value.isPresent() ? value : member.standIn(section)).ifPresent(values::add);
        }
        for (Only only : type.getAnnotationsByType(Only.class)) {
            if (only.value().equals("[]")) {
                section.reserved(only.key());
            } else {
                section.optional(only.key(), Values.only(only.value()));
            }
        }
        if (values.size() < members.size()) {
            return Optional.empty();
        }
        Object made = made(values.toArray());
        return Optional.of(made instanceof Completed<?> settings ? settings.completed(section) : made);
    }

    Object made(Object[] values) {
        try {
            Class<?>[] types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the bounds of a key of " + type + " are wider than its own", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a settings record is a record with its canonical constructor: " + type, e);
        }
    }

    /** Prints the keys of {@code settings} with the values in effect. */
    void print(Printer printer, Object settings) {
        for (Member member : members) {
            member.kind().print(printer, member, member.of(settings));
        }
    }
}
