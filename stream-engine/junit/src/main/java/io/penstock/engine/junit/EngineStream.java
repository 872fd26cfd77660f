package io.penstock.engine.junit;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A stream that the engine has when the test begins. */
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface EngineStream {
    String name();

    int shards() default 1;

    /** Empty for the engine's own. */
    String region() default "";
}
