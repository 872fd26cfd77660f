package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** For editors: a section has exactly one of these keys, which are lists that are not empty. Its code checks that. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OneKeyOf {
    String[] value();
}
