package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The bounds of a number, a size or a duration, both inclusive, in the form of the file. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Range {
    String least() default "0";

    /** Default: the maximum of the type. */
    String most() default "";

    /** True if 0 is allowed in addition to the range. */
    boolean orZero() default false;
}
