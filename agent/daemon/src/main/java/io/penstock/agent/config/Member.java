package io.penstock.agent.config;

import io.penstock.agent.record.JsonConstant;
import io.penstock.base.settings.As;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.OneOf;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Reload;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A component of a settings record.
 *
 * @param settings the record's type
 * @param kind what stands at its key
 * @param optional it is an {@code Optional} of that
 */
record Member(Class<? extends Record> settings, RecordComponent component, Kind kind, boolean optional) {

    static Member of(Class<? extends Record> settings, RecordComponent component) {
        Type type = component.getGenericType();
        if (component.isAnnotationPresent(Inline.class)) {
            return new Member(settings, component, new Kind.Inlined(section(component.getType())), false);
        }
        if (!component.isAnnotationPresent(Key.class)) {
            return new Member(settings, component, new Kind.NoKey(), false);
        }
        As as = component.getAnnotation(As.class);
        if (as != null && as.whole()) {
            return new Member(settings, component, new Kind.One(Value.of(component.getType(), component)), false);
        }
        boolean optional = component.getType() == Optional.class;
        Type held = optional ? argument(type, 0) : type;
        return new Member(settings, component, kind(held, component), optional);
    }

    private static Kind kind(Type type, RecordComponent component) {
        Class<?> raw = raw(type);
        if (raw == List.class) {
            Class<?> element = raw(argument(type, 0));
            return isSection(element, component)
                    ? new Kind.Sections(section(element))
                    : new Kind.Several(Value.of(element, component));
        }
        if (raw == Map.class) {
            Class<?> value = raw(argument(type, 1));
            return value == String.class
                    ? new Kind.Texts()
                    : value == JsonConstant.class ? new Kind.Constants() : new Kind.Named(section(value));
        }
        if (raw.isAnnotationPresent(OneOf.class)) {
            return Kind.Variants.of(raw);
        }
        return isSection(raw, component) ? new Kind.Below(section(raw)) : new Kind.One(Value.of(raw, component));
    }

    /** A record with keys is a section, any other one value. */
    private static boolean isSection(Class<?> type, RecordComponent component) {
        if (!type.isRecord() || component.isAnnotationPresent(As.class)) {
            return false;
        }
        for (RecordComponent below : type.getRecordComponents()) {
            if (below.isAnnotationPresent(Key.class) || below.isAnnotationPresent(Inline.class)) {
                return true;
            }
        }
        return false;
    }

    private static Class<? extends Record> section(Class<?> type) {
        return type.asSubclass(Record.class);
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) type;
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    /** When a change takes effect, unless the section says so of all its keys. */
    Reload reload() {
        Inline inline = component.getAnnotation(Inline.class);
        return inline != null ? inline.reload() : kind instanceof Kind.NoKey ? Reload.RESTART : key().reload();
    }

    /** What stands there, an {@code Optional} unpacked. */
    Class<?> type() {
        return optional ? raw(argument(component.getGenericType(), 0)) : component.getType();
    }

    Key key() {
        return component.getAnnotation(Key.class);
    }

    String name() {
        return key().value().isEmpty()
                ? component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT)
                : key().value();
    }

    /** Its value in {@code record}. */
    Object of(Object record) {
        return called(component.getAccessor(), record);
    }

    /** What the record's {@code defaults()} give it; nothing where there are none. */
    Optional<Object> standard() {
        try {
            Method defaults = settings.getDeclaredMethod("defaults");
            return Optional.of(of(called(defaults, null)));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    /** The value of its example, in the place of one that is required and missing or wrong. */
    Optional<?> standIn(Section section) {
        return kind instanceof Kind.One one
                        && !key().example().isEmpty()
                        && one.value().in(section.environment()).apply(key().example()) instanceof Parsed.Right<?> right
                ? Optional.of(right.value())
                : Optional.empty();
    }

    private static Object called(Method method, @Nullable Object on) {
        try {
            method.setAccessible(true);
            return method.invoke(on);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method.toString(), e);
        }
    }
}
