package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The bounds of a number, a size or a duration, both within, as they would be written in the file. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Range {
    String least() default "0";

    /** Left out: as much as the type holds. */
    String most() default "";

    /** Whether 0 is allowed beside the range. */
    boolean orZero() default false;
}
