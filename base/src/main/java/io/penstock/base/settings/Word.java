package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;

/**
 * The word for an enum's constant in the configuration, if it is not the constant's name in lower case with hyphens; or
 * the word for a variant of a {@link OneOf} type.
 */
@Target({ElementType.FIELD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Word {
    String value();

    /** Finds the words. */
    final class Of {
        private Of() {}

        /** The word for {@code constant}. */
        public static String constant(Enum<?> constant) {
            try {
                Word word =
                        constant.getDeclaringClass().getField(constant.name()).getAnnotation(Word.class);
                return word == null ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-') : word.value();
            } catch (NoSuchFieldException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
