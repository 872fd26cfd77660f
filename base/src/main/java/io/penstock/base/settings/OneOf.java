package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A sealed type of which a section is one: the key named here has the {@link Word} of the record that it is, and that
 * record's keys stand beside. Records without a word are not written in files. Its component is optional: what it is
 * when the key is left out, other keys say.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneOf {
    String value();

    /** What that key means, as {@link Doc}. */
    String doc();
}
