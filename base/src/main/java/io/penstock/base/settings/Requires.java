package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that each section of the map must have, although it has a default in the same section elsewhere. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {
    String key();

    /** What to write, for the message when it is missing. */
    String remedy();

    /** What the reference file shows. */
    String example();
}
