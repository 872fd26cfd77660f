package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What one of an enum's constants is called when a value is none of them, such as "priority". */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Noun {
    String value();
}
