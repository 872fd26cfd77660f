package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record component as a key of the configuration. A component without this annotation keeps its value from the
 * record's static method {@code defaults()}.
 *
 * <p>A key that is left out has its {@link #usual} value, or else that of {@code defaults()}. Without either, a list or
 * map is empty, an {@code Optional} is empty, a section has the defaults of its keys, and any other key is required.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
    /** The name in the file. Default: the component's name in lower case, with hyphens between its words. */
    String value() default "";

    /** The value of a key that is left out, in the form of the file. */
    String usual() default "";

    /** For a required key: what to write, for the message when it is missing. */
    String required() default "";

    /**
     * The value in the reference file, if not the default; a blank shows the key without a value. For a list of
     * sections, a further element; for sections by name, the name of the first one.
     */
    String example() default "";

    /** True if the type's parser handles a key without a value, as an empty text. */
    boolean emptyToo() default false;

    /** When a change takes effect. */
    Reload reload() default Reload.RESTART;
}
