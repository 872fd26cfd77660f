package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The key's values, or the elements of its list, are written in a notation of their own. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface As {
    /** Has a constructor without parameters. */
    Class<? extends Notation<?>> value();

    /** Whether the notation is of the whole component, also where that is an {@code Optional}. */
    boolean whole() default false;
}
