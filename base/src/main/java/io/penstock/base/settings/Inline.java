package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A record whose keys belong to the section of the enclosing record. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Inline {
    /** When a change of these keys takes effect, where they do not say it themselves. */
    Reload reload() default Reload.RESTART;
}
