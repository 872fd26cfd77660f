package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A sealed type whose records are variants of one section. The key named here selects the variant by its {@link Word};
 * the variant's keys are in the same section. A record without a word cannot be written in a file. The component is an
 * {@code Optional}; if the key is left out, other keys decide.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneOf {
    String value();

    /** What that key means, as {@link Doc}. */
    String doc();
}
