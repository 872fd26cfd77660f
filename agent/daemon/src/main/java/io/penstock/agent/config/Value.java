package io.penstock.agent.config;

import io.penstock.base.settings.As;
import io.penstock.base.settings.Bytes;
import io.penstock.base.settings.DurationText;
import io.penstock.base.settings.Folder;
import io.penstock.base.settings.Notation;
import io.penstock.base.settings.Noun;
import io.penstock.base.settings.Parsed;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Secret;
import io.penstock.base.settings.SizeText;
import io.penstock.base.settings.Word;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How one value of a key is understood and written: by the type of its component and the bounds declared there.
 *
 * @param parser understands a text
 * @param format as YAML
 */
record Value<T>(BiFunction<String, Environment, Parsed<T>> parser, Function<T, String> format) {

    /** What reads texts in {@code environment}. */
    Function<String, Parsed<T>> in(Environment environment) {
        return text -> parser.apply(text, environment);
    }

    @SuppressWarnings("unchecked")
    String printed(Object value) {
        return format.apply((T) value);
    }

    static Value<?> of(Class<?> type, RecordComponent component) {
        Range range = component.getAnnotation(Range.class);
        As as = component.getAnnotation(As.class);
        if (as != null) {
            return noted(notation(as));
        }
        if (type == boolean.class || type == Boolean.class) {
            return plain(Values.flag(), String::valueOf);
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return number(type, range, component.isAnnotationPresent(Bytes.class));
        }
        if (type == Duration.class) {
            return plain(Values.duration(duration(range.least()), duration(range.most())), DurationText::format);
        }
        if (type == Path.class) {
            boolean folder = component.isAnnotationPresent(Folder.class);
            return new Value<Path>(folder ? Values::folder : Values::file, path -> Printer.quoted(path.toString()));
        }
        if (type == String.class) {
            return new Value<String>((text, environment) -> Values.text(text, component), Printer::quoted);
        }
        if (type == Secret.class) {
            return new Value<Secret>(
                    (text, environment) ->
                            Values.text(text, component).then(secret -> Parsed.right(new Secret(secret))),
                    secret -> Printer.SECRET);
        }
        if (type.isEnum()) {
            return choice(type);
        }
        return parsed(type);
    }

    private static <T> Value<T> plain(Function<String, Parsed<T>> parser, Function<T, String> format) {
        return new Value<>((text, environment) -> parser.apply(text), format);
    }

    private static Value<?> number(Class<?> type, Range range, boolean bytes) {
        boolean narrow = type != long.class && type != Long.class;
        long limit = narrow ? Integer.MAX_VALUE : Long.MAX_VALUE;
        if (!bytes) {
            int most = range.most().isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(range.most());
            return plain(Values.number(Integer.parseInt(range.least()), most), String::valueOf);
        }
        long least = size(range.least());
        long most = range.most().isEmpty() ? limit : size(range.most());
        Function<String, Parsed<Long>> sizes = text -> range.orZero() && text.equals("0")
                ? Parsed.right(0L)
                : Values.size(least, most).apply(text);
        if (!narrow) {
            return plain(sizes, SizeText::format);
        }
        return Value.<Integer>plain(
                text -> sizes.apply(text).then(size -> Parsed.right(size.intValue())), SizeText::format);
    }

    private static long size(String text) {
        return right(SizeText.parse(text));
    }

    private static Duration duration(String text) {
        return text.equals("0") ? Duration.ZERO : right(DurationText.parse(text));
    }

    private static <T> T right(Parsed<T> parsed) {
        return ((Parsed.Right<T>) parsed).value();
    }

    private static <T> Value<T> noted(Notation<T> notation) {
        return plain(notation::parse, value -> Printer.simple(notation.format(value)));
    }

    static Notation<?> notation(As as) {
        try {
            var constructor = as.value().getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a notation has a constructor without parameters: " + as.value(), e);
        }
    }

    private static Value<?> choice(Class<?> type) {
        List<Enum<?>> constants = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            constants.add((Enum<?>) constant);
        }
        Optional<String> noun =
                Optional.ofNullable(type.getAnnotation(Noun.class)).map(Noun::value);
        return plain(Values.choice(constants, noun), Word.Of::constant);
    }

    /** A type that reads itself: by its static method {@code parse}. {@code toString} gives the text back. */
    private static Value<?> parsed(Class<?> type) {
        try {
            Method parse = type.getDeclaredMethod("parse", String.class);
            parse.setAccessible(true);
            return plain(text -> parsedBy(parse, text), value -> Printer.quoted(value.toString()));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("no notation for " + type, e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Parsed<Object> parsedBy(Method parse, String text) {
        try {
            return (Parsed<Object>) parse.invoke(null, text);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(parse.toString(), e);
        }
    }
}
