package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The key's values, or the elements of its list, have the given notation. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface As {
    /** A class with a constructor without parameters. */
    Class<? extends Notation<?>> value();

    /** True if the notation is that of the whole component, even if that is an {@code Optional}. */
    boolean whole() default false;
}
