package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record component that is a key of the configuration. A component without it keeps what the record's static method
 * {@code defaults()} gives it.
 *
 * <p>Left out of the file, the key has its {@link #usual} value; without one, that of {@code defaults()}. A list or map
 * is empty then, an {@code Optional} has nothing, a section has the defaults of its keys, and any other key is
 * required.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Key {
    /** Its name in the file; left out: the component's name in lower case, with hyphens between its words. */
    String value() default "";

    /** What holds when the key is left out, as it would be written in the file. */
    String usual() default "";

    /** Of a required key: what to write, told when it is missing. */
    String required() default "";

    /**
     * What the reference file shows instead of the default; a blank shows the key without a value. Of a list of
     * sections a further element, of sections by name the name of the first.
     */
    String example() default "";

    /** Whether the type's parser judges a key without a value, as the empty text. */
    boolean emptyToo() default false;

    /** When a change takes effect. */
    Reload reload() default Reload.RESTART;
}
