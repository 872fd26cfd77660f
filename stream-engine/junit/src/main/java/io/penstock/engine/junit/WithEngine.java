package io.penstock.engine.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a stream engine; see {@link EngineExtension} for what a test may ask for. A nested class
 * has the engine of the class around it, unless it has an annotation of its own.
 *
 * <pre>{@code
 * @WithEngine(streams = @EngineStream(name = "orders", shards = 2))
 * class OrdersTest {
 *     @Test
 *     void anOrderIsStored(KinesisClient kinesis) { ... }
 * }
 * }</pre>
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(EngineExtension.class)
public @interface WithEngine {
    /** The streams of each engine. */
    EngineStream[] streams() default {};

    EngineLifetime lifetime() default EngineLifetime.METHOD;

    /** The engine's own region. */
    String region() default "us-east-1";

    /** Whether shards and calls are limited as the service limits them. */
    boolean enforceLimits() default false;
}
