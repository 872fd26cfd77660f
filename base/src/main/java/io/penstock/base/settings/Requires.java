package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that each section of the map needs, though the same section elsewhere has a default for it. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {
    String key();

    /** What to write, told when it is missing. */
    String remedy();

    /** What the reference file shows. */
    String example();
}
