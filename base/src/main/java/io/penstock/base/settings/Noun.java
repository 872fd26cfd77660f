package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The noun for an enum's constants in messages, such as "priority". */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Noun {
    String value();
}
